import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";

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
  /** Ends the program. */
  signal?: AbortSignal | undefined;
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
 * @throws {TtrpcError} With code 14 if the binary can't be run, as a rejection.
 * @throws The signal's reason if it aborts, as a rejection.
 */
export async function runShimCommand(
  action: "start" | "delete",
  { path, id, namespace, bundle, containerdAddress }: ShimTarget,
  { flags = [], env = {}, input, signal }: ShimCommandOptions = {},
): Promise<ShimCommandOutput> {
  signal?.throwIfAborted();
  const target = ["-namespace", namespace, "-id", id, "-address", containerdAddress];
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(path, {
      args: [...target, ...flags, action],
      cwd: bundle,
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      ...(signal && { signal }),
    }).spawn();
  } catch (cause) {
    const { rawMessage } = TtrpcError.from(cause);
    throw new TtrpcError(`Cannot run ${path}: ${rawMessage}`, Code.Unavailable, {
      cause,
      requestSent: false,
    });
  }
  const [{ success, stdout, stderr }] = await Promise.all([child.output(), give(child.stdin, input)]);
  signal?.throwIfAborted();
  return { success, stdout, stderr: new TextDecoder().decode(stderr).trim() };
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
