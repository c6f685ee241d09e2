import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { ensureLog, livingShim, requireBundle, writeBootstrap } from "./program/bundle.ts";
import { type ConnectedShim, connectShim } from "./connect_shim.ts";
import { requireIdentifier } from "./identifier.ts";
import type { ShimEndpoint } from "./program/parse_bootstrap.ts";
import { ProcessMark } from "./program/process_mark.ts";
import { requireProc } from "./program/proc.ts";
import { findShimProgram, type ShimProgramOptions } from "./program/shim_program.ts";
import { serveEvents } from "./events/serve_events.ts";
import type { Shim } from "./shim.ts";
import { ShimHandle } from "./shim_handle.ts";
import type { ShimTarget } from "./program/shim_command.ts";
import { mayServe } from "./program/socket_name.ts";
import { startCommand, type Started, startError } from "./program/start_command.ts";
import { endAllStarted, StartedProcess } from "./program/started_process.ts";

/**
 * Options for {@linkcode startShim}.
 *
 * @example Events, and a long log
 * ```ts
 * import { startShim, type StartShimOptions } from "@ttrpc/ttrpc/shim";
 *
 * async function watch(options: StartShimOptions): Promise<void> {
 *   await using shim = await startShim({ ...options, debug: true, events: true });
 *   await using task = await shim.create();
 *   await task.start();
 *   for await (const { topic } of shim.events ?? []) {
 *     if (topic === "/tasks/exit") break;
 *   }
 * }
 * ```
 */
export interface StartShimOptions extends ShimProgramOptions {
  /** Id of the container that it is started for: letters and digits, and single `.`, `_` or `-` between them. */
  id: string;
  /**
   * The namespace that the id is in.
   *
   * @default {"default"}
   */
  namespace?: string;
  /** The container's folder, with its `config.json`; it must be named after the id. */
  bundle: string;
  /**
   * Address of containerd. It need not be there, but the shim's socket is named after it: a container has the same
   * shim only under the same address.
   *
   * @default {""}
   */
  containerdAddress?: string;
  /**
   * Whether the shim writes more to the file `log` in its bundle.
   *
   * @default {false}
   */
  debug?: boolean;
  /**
   * Where the shim tells what happens to its containers: with true at {@linkcode Shim.events}, else at the address
   * of an Events service, such as one of {@linkcode serveEvents} or containerd's.
   *
   * @default {false}
   */
  events?: boolean | string;
  /** Folder of the shim's socket, for shims from containerd 2.3 on; earlier ones use `/run/containerd/s`. */
  socketDir?: string;
  /** Gives up starting it, and ends what was started. */
  signal?: AbortSignal;
}

/**
 * Starts a shim of any version, as containerd does but without containerd.
 *
 * A shim that is running already, for this container or for the group it belongs to, is used and left running in the
 * end; it goes on to tell its events to whom it was told to at its start.
 *
 * The program needs Linux, the rights of the containers' owner (mostly root), and `deno run -A`: who runs is read
 * from `/proc`.
 *
 * @throws {TypeError} If an option can't be used, as a rejection.
 * @throws {TtrpcError} With code 5 if there is no such shim, 9 if the bundle has another one that lives, 7 without all
 * permissions, 1 if it is given up, 4 if it takes more than 30 seconds, 14 if it does not start, with what it has
 * printed and the end of its log; as a rejection.
 *
 * @example Usage
 * ```ts
 * import { startShim } from "@ttrpc/ttrpc/shim";
 *
 * // Runs a container to its end.
 * async function run(id: string, bundle: string): Promise<number> {
 *   await using shim = await startShim({ id, bundle });
 *   await using task = await shim.create({ stdout: "inherit", stderr: "inherit" });
 *   await task.start();
 *   return (await task.wait()).exitStatus;
 * }
 * ```
 */
export async function startShim(options: StartShimOptions): Promise<Shim> {
  const { id, namespace = "default", containerdAddress = "", debug = false, socketDir, signal } = options;
  requireIdentifier("container id", id);
  requireIdentifier("namespace", namespace);
  await requireProc();
  const bundle = await requireBundle(options.bundle, id);
  const target: ShimTarget = {
    path: await findShimProgram(options),
    id,
    namespace,
    bundle,
    containerdAddress,
  };
  await ensureLog(bundle);
  const noted = await livingShim(bundle);
  if (noted !== undefined && !await mayServe(noted.address, target)) throw hasAnother(target, noted);
  const events = options.events === true ? await serveEvents() : undefined;
  const eventsAddress = typeof options.events === "string" ? options.events : events?.address;
  const mark = new ProcessMark();
  let started: Started | undefined;
  let connected: ConnectedShim | undefined;
  try {
    started = await startCommand(target, { debug, socketDir, eventsAddress, env: mark.env, signal });
    connected = await connectStarted(target, started, signal);
    const process = await StartedProcess.find(mark, connected.pid, bundle, started.bootstrap);
    if (process === undefined) await events?.close();
    if (noted === undefined) await writeBootstrap(bundle, started.bootstrap);
    return new ShimHandle({
      ...connected,
      id,
      namespace,
      bundle,
      target: () => Promise.resolve(target),
      ...(process && { process, events }),
    });
  } catch (error) {
    await Promise.allSettled([connected?.transport.close(), events?.close()]);
    await endAllStarted(mark, started?.bootstrap);
    throw error;
  }
}

/** A second shim for one container would leave notes of its own, and take them away in the end. */
function hasAnother({ bundle }: ShimTarget, { address }: ShimEndpoint): TtrpcError {
  const message =
    `Cannot start a shim for ${bundle}: it has one at ${address}, which was started with another ` +
    "containerdAddress or namespace; attach to it";
  return new TtrpcError(message, Code.FailedPrecondition, { requestSent: false });
}

async function connectStarted(
  target: ShimTarget,
  { bootstrap, stderr }: Started,
  signal: AbortSignal | undefined,
): Promise<ConnectedShim> {
  try {
    return await connectShim(bootstrap, target, signal);
  } catch (error) {
    const { code, rawMessage } = TtrpcError.from(error);
    if (code === Code.Canceled) throw error;
    throw await startError(target, `it does not answer: ${rawMessage}`, stderr, error);
  }
}
