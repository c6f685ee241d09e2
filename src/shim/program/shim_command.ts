import { clock } from "../../rpc/clock.ts";
import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { isTooLate } from "../is_too_late.ts";
import { printable } from "../quote.ts";
import { within } from "../within.ts";

/** How long a program that is given up may take to end by itself. */
const GRACE_MS = 2_000;

/** What every run of a shim's binary is told. */
export interface ShimTarget {
  /** Path of the binary. */
  path: string;
  /** The container's id. */
  id: string;
  /** The namespace that the id is in. */
  namespace: string;
  /** Absolute path of the container's bundle. */
  bundle: string;
  /** Address of containerd, whether or not there is one; sockets are named after it. */
  containerdAddress: string;
}

/** Options for {@linkcode runShimCommand}. */
export interface ShimCommandOptions {
  /** What stands between the common flags and the action. */
  flags?: string[];
  /** Added to the environment. */
  env?: Record<string, string>;
  /** Given on standard input. */
  input?: Uint8Array;
  /** Ends the program by force. */
  signal?: AbortSignal | undefined;
  /**
   * How long the program may take before it is ended by force.
   *
   * @default {30000}
   */
  timeoutMs?: number;
}

/** What a shim's binary has printed, and how it ended. */
export interface ShimCommandOutput {
  success: boolean;
  stdout: Uint8Array;
  /** Without blanks around it. */
  stderr: string;
}

/**
 * Runs a shim's binary to its end, in the bundle as containerd does.
 *
 * @throws {TtrpcError} With code 14 if the binary can't be run, 1 or 4 if it is given up, as a rejection.
 */
export async function runShimCommand(
  action: "start" | "delete",
  target: ShimTarget,
  options: ShimCommandOptions = {},
): Promise<ShimCommandOutput> {
  const { signal, timeoutMs = 30_000 } = options;
  const giveUp = new AbortController();
  let child: Deno.ChildProcess | undefined;
  try {
    return await within(() => {
      child = spawn(action, target, options);
      return outputOf(child, options.input, giveUp.signal);
    }, { signal, timeoutMs });
  } catch (error) {
    // What it has started may hold its output open for long.
    giveUp.abort();
    if (child !== undefined) await endProgram(child);
    if (!isTooLate(error)) throw error;
    throw new TtrpcError(`Cannot ${action} a shim: ${target.path} takes too long`, error.code, {
      cause: error,
    });
  }
}

/** Asks a program to end, as it may have something to clear away; one that does not is killed. */
async function endProgram(child: Deno.ChildProcess): Promise<void> {
  const stop = clock.callAt(clock.now() + GRACE_MS, () => killUnlessGone(child, "SIGKILL"));
  killUnlessGone(child, "SIGTERM");
  await child.status;
  stop();
}

function killUnlessGone(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended already.
  }
}

function spawn(
  action: string,
  target: ShimTarget,
  { flags = [], env = {} }: ShimCommandOptions,
): Deno.ChildProcess {
  const { path, id, namespace, bundle, containerdAddress } = target;
  const args = ["-namespace", namespace, "-id", id, "-address", containerdAddress, ...flags, action];
  try {
    const options = { args, cwd: bundle, env, stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    return new Deno.Command(path, options).spawn();
  } catch (cause) {
    const { rawMessage } = TtrpcError.from(cause);
    throw new TtrpcError(`Cannot run ${path}: ${rawMessage}`, Code.Unavailable, {
      cause,
      requestSent: false,
    });
  }
}

async function outputOf(
  child: Deno.ChildProcess,
  input: Uint8Array | undefined,
  signal: AbortSignal,
): Promise<ShimCommandOutput> {
  const read = (stream: ReadableStream<Uint8Array<ArrayBuffer>>) =>
    new Response(stream.pipeThrough(new TransformStream(), { signal }));
  const [{ success }, stdout, stderr] = await Promise.all([
    child.status,
    read(child.stdout).bytes(),
    read(child.stderr).text(),
    give(child.stdin, input),
  ]);
  return { success, stdout, stderr: printable(stderr.trim()) };
}

async function give(stdin: WritableStream<Uint8Array>, input: Uint8Array | undefined): Promise<void> {
  const writer = stdin.getWriter();
  try {
    if (input !== undefined) await writer.write(input);
    await writer.close();
  } catch {
    // A program that has not read its input says by its exit code what it thinks of it.
  }
}
