import { Status } from "../../../gen/containerd/v1/types/task_pb.ts";
import type { CallOptions } from "../../rpc/call_options.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { type ExitStatus, exitStatusOf } from "./exit_status.ts";
import type { KillOptions, Process, ProcessState, TerminalSize } from "./process.ts";
import type { ProcessStdio } from "../stdio/process_stdio.ts";
import { removeProcess } from "./remove_process.ts";
import { signalNumber } from "./signals.ts";
import type { TaskClient } from "./task_client.ts";

/** Options for {@linkcode ContainerProcess}. */
export interface ContainerProcessOptions {
  /** Its number, if the shim has told it. */
  pid?: number;
  /** Its streams, if this program has made it; it is removed together with its object then. */
  stdio?: ProcessStdio;
  /** Removes it where the shim can't do so, for a reason; by default the reason is thrown. */
  removeWithoutShim?: (reason: TtrpcError) => Promise<void>;
  /** Called once it is removed. */
  onRemoved?: () => void | Promise<void>;
}

/** A process as a shim's Task service has it. */
export class ContainerProcess implements Process {
  readonly id: string;
  readonly execId: string;
  readonly #client: TaskClient;
  readonly #stdio: ProcessStdio | undefined;
  readonly #removeWithoutShim: (reason: TtrpcError) => Promise<void>;
  readonly #onRemoved: () => void | Promise<void>;
  #pid: number | undefined;
  #isDeleted = false;
  #removal: Promise<void> | undefined;

  /** The process of a container; with an empty `execId` its first one. */
  constructor(client: TaskClient, id: string, execId: string, options: ContainerProcessOptions = {}) {
    this.#client = client;
    this.id = id;
    this.execId = execId;
    this.#pid = options.pid;
    this.#stdio = options.stdio;
    this.#removeWithoutShim = options.removeWithoutShim ?? ((reason) => Promise.reject(reason));
    this.#onRemoved = options.onRemoved ?? (() => {});
    this.#stdio?.inputEnded?.then(() => this.#inputEnded());
  }

  get pid(): number | undefined {
    return this.#pid;
  }

  get stdin(): Process["stdin"] {
    return this.#stdio?.stdin;
  }

  get stdout(): Process["stdout"] {
    return this.#stdio?.stdout;
  }

  get stderr(): Process["stderr"] {
    return this.#stdio?.stderr;
  }

  async start(options?: CallOptions): Promise<number> {
    const { pid } = await this.#client.start(this.#target, options);
    this.#pid = pid;
    if (this.#stdio?.inputEnded !== undefined) this.#endInputInTime(this.#stdio);
    return pid;
  }

  async wait(options?: CallOptions): Promise<ExitStatus> {
    return exitStatusOf(await this.#client.wait(this.#target, options));
  }

  async kill(signal: string | number, options: KillOptions = {}): Promise<void> {
    const { all = false } = options;
    await this.#client.kill({ ...this.#target, signal: signalNumber(signal), all }, options);
  }

  async state(options?: CallOptions): Promise<ProcessState> {
    const reply = await this.#client.state(this.#target, options);
    const { pid, status, bundle, stdin, stdout, stderr, terminal } = reply;
    const exit = status === Status.STOPPED ? exitStatusOf(reply) : undefined;
    return { pid, status, bundle, stdin, stdout, stderr, terminal, exit };
  }

  async resizePty({ width, height }: TerminalSize, options?: CallOptions): Promise<void> {
    await this.#client.resizePty({ ...this.#target, width, height }, options);
  }

  async closeIO(options?: CallOptions): Promise<void> {
    await this.#client.closeIO({ ...this.#target, stdin: true }, options);
  }

  async delete(options?: CallOptions): Promise<ExitStatus> {
    const exit = exitStatusOf(await this.#client.delete(this.#target, options));
    await this.#removed(() => this.#stdio?.finish());
    return exit;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#removal ??= this.#remove();
  }

  /** Lets its streams go, once it is gone with its container. What it has written can be read on to its end. */
  async goneWithContainer(): Promise<void> {
    // Nobody has opened the fifos of one that was never started.
    await this.#removed(() => this.#pid === undefined ? this.#stdio?.release() : this.#stdio?.finish());
  }

  /** Lets its streams go, and all that is still in them. */
  async release(): Promise<void> {
    await this.#removed(() => this.#stdio?.release());
  }

  async #removed(letGo: () => Promise<void> | undefined): Promise<void> {
    this.#isDeleted = true;
    try {
      await this.#onRemoved();
    } finally {
      await letGo();
    }
  }

  get #target(): { id: string; execId: string } {
    return { id: this.id, execId: this.execId };
  }

  async #remove(): Promise<void> {
    // What others have made is theirs.
    if (this.#stdio === undefined) return;
    try {
      if (!this.#isDeleted) {
        this.#stdio.discardOutput();
        await removeProcess(this.#client, this.id, this.execId);
      }
    } catch (error) {
      await this.#removeWithoutShim(TtrpcError.from(error));
    } finally {
      await this.release();
    }
  }

  /** What is written to a process that has ended would wait forever. */
  async #endInputInTime(stdio: ProcessStdio): Promise<void> {
    try {
      await this.#client.wait(this.#target);
    } catch {
      // Nobody can tell any more; its removal ends the input as well.
      return;
    }
    await stdio.endInput();
  }

  async #inputEnded(): Promise<void> {
    if (this.#isDeleted) return;
    try {
      await this.closeIO();
    } catch {
      // The process, or the shim, was faster: there is nobody left who could read.
    }
  }
}
