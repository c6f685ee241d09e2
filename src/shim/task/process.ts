import type { Status } from "../../../gen/containerd/v1/types/task_pb.ts";
import type { CallOptions } from "../../rpc/call_options.ts";
import type { ExitStatus } from "./exit_status.ts";

/**
 * Width and height of a terminal, in characters.
 *
 * @example The size of this program's terminal
 * ```ts
 * import type { Process, TerminalSize } from "@ttrpc/ttrpc/shim";
 *
 * async function fit(process: Process): Promise<void> {
 *   const { columns: width, rows: height } = Deno.consoleSize();
 *   const size: TerminalSize = { width, height };
 *   await process.resizePty(size);
 * }
 * ```
 */
export interface TerminalSize {
  /** Columns. */
  width: number;
  /** Rows. */
  height: number;
}

/**
 * Options for {@linkcode Process.kill}.
 *
 * @example All processes of a container
 * ```ts
 * import type { KillOptions, Task } from "@ttrpc/ttrpc/shim";
 *
 * async function killAll(task: Task): Promise<void> {
 *   const options: KillOptions = { all: true, timeoutMs: 5_000 };
 *   await task.kill("SIGKILL", options);
 * }
 * ```
 */
export interface KillOptions extends CallOptions {
  /**
   * Whether all processes of the container get the signal; of the first process only.
   *
   * @default {false}
   */
  all?: boolean;
}

/**
 * How a process is doing.
 *
 * @example A word about it
 * ```ts
 * import { type ProcessState, Status } from "@ttrpc/ttrpc/shim";
 *
 * function tell({ status, exit }: ProcessState): string {
 *   return exit === undefined ? Status[status] : `ended with ${exit.exitStatus}`;
 * }
 * ```
 */
export interface ProcessState {
  /** 0 if it was not started yet. */
  pid: number;
  /** What it is doing. */
  status: Status;
  /** The container's bundle. */
  bundle: string;
  /** Where its input comes from; empty for nowhere. */
  stdin: string;
  /** Where its output goes. */
  stdout: string;
  /** Where its errors go. */
  stderr: string;
  /** Whether it has a terminal. */
  terminal: boolean;
  /** How it has ended; undefined while it has not. */
  exit: ExitStatus | undefined;
}

/**
 * A process in a container: the first one, which is the {@linkcode Task}, or one that was added with
 * {@linkcode Task.exec}.
 *
 * Calls reject with a {@linkcode TtrpcError} if they fail; what a shim says of calls in the wrong order differs
 * little between versions: 5 if the process is not there (any more), 6 if its id is taken, 9 for a signal to one
 * that was not started, 2 for the rest.
 *
 * Disposing of it kills and removes it, if it was made with this object.
 *
 * @example The output of a process
 * ```ts
 * import type { Task } from "@ttrpc/ttrpc/shim";
 *
 * async function hostnameOf(task: Task): Promise<string> {
 *   await using process = await task.exec({ args: ["hostname"], stdout: "piped" });
 *   await process.start();
 *   const name = await new Response(process.stdout).text();
 *   await process.wait();
 *   return name.trim();
 * }
 * ```
 */
export interface Process extends AsyncDisposable {
  /** The container's id. */
  readonly id: string;
  /** The process's id in the container; empty for the first one. */
  readonly execId: string;
  /** The process's number on this host; undefined as long as nobody has told. */
  readonly pid: number | undefined;
  /**
   * To write what the process reads. Closing it ends the input; writing fails with `Deno.errors.BrokenPipe` once the
   * process has ended.
   * Undefined unless `stdin` was `"piped"`.
   */
  readonly stdin: WritableStream<Uint8Array<ArrayBuffer>> | undefined;
  /**
   * What the process writes. It waits for a slow reader, and so does {@linkcode Process.delete}. Undefined unless
   * `stdout` was `"piped"`.
   */
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  /** What the process writes about errors; as for `stdout`. */
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  /**
   * Starts it.
   *
   * @returns Its number on this host.
   */
  start(options?: CallOptions): Promise<number>;
  /**
   * Waits until it has ended, however long that takes: there is no deadline but one that `options` give. Giving up
   * leaves the process alone.
   */
  wait(options?: CallOptions): Promise<ExitStatus>;
  /**
   * Sends a signal to it.
   *
   * @param signal A number, or a name such as `"SIGTERM"`.
   * @throws {TypeError} If there is no signal of that name, as a rejection.
   * @throws {RangeError} If it is no number from 0 to 64, as a rejection.
   */
  kill(signal: string | number, options?: KillOptions): Promise<void>;
  /** Tells how it is doing. */
  state(options?: CallOptions): Promise<ProcessState>;
  /** Sets the size of its terminal; without one, nothing happens. */
  resizePty(size: TerminalSize, options?: CallOptions): Promise<void>;
  /** Ends its input, once what feeds it has ended as well; closing a piped `stdin` does so by itself. */
  closeIO(options?: CallOptions): Promise<void>;
  /**
   * Removes it after its end; the first process takes the container along. Resolves once inherited output has been
   * written.
   */
  delete(options?: CallOptions): Promise<ExitStatus>;
}
