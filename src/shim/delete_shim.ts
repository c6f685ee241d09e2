import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { placeOf } from "./attach_shim.ts";
import { readBootstrap, removeBootstrap, requireBundle } from "./program/bundle.ts";
import { type ConnectedShim, connectShim } from "./connect_shim.ts";
import { deleteCommand } from "./program/delete_command.ts";
import type { ExitStatus } from "./task/exit_status.ts";
import type { ShimEndpoint } from "./program/parse_bootstrap.ts";
import { removeProcess } from "./task/remove_process.ts";
import { requireProc } from "./program/proc.ts";
import { findShimProgram, type ShimProgramOptions } from "./program/shim_program.ts";
import type { ShimTarget } from "./program/shim_command.ts";
import { findShimProcesses } from "./program/shim_processes.ts";
import { removeDeadSocket } from "./program/shim_sockets.ts";
import { type TaskClient, taskClientOf } from "./task/task_client.ts";

/**
 * Options for {@linkcode deleteShim}.
 *
 * @example A container that has to go, whether or not its shim lives
 * ```ts
 * import { deleteShim, type DeleteShimOptions } from "@ttrpc/ttrpc/shim";
 *
 * async function destroy(options: DeleteShimOptions): Promise<void> {
 *   await deleteShim({ ...options, force: true });
 * }
 * ```
 */
export interface DeleteShimOptions extends ShimProgramOptions {
  /** The container's id. */
  id: string;
  /**
   * The namespace that the id is in.
   *
   * @default {"default"} Of a bundle of containerd's it is known.
   */
  namespace?: string;
  /** The container's folder, named after the id. */
  bundle: string;
  /**
   * Address of containerd, as the shim was started with.
   *
   * @default {""}
   */
  containerdAddress?: string;
  /**
   * Whether the container of a shim that lives is killed and removed, too, and the shim told to end.
   *
   * @default {false}
   */
  force?: boolean;
  /** Gives up waiting. */
  signal?: AbortSignal;
}

/**
 * Removes what a dead shim has left: kills its container, removes it, its mounts and the socket. May be called again.
 *
 * @returns How the container has ended: most shims say 137, whatever it was. Undefined if there was no container.
 * @throws {TypeError} If an option can't be used, as a rejection.
 * @throws {TtrpcError} With code 9 if the shim lives, and with `force` if it does not answer then, 5 if there is no such
 * program, 7 without all permissions, 14 if it fails, as a rejection.
 *
 * @example What a dead shim has left
 * ```ts
 * import { deleteShim } from "@ttrpc/ttrpc/shim";
 *
 * async function clear(id: string, bundle: string): Promise<void> {
 *   const exit = await deleteShim({ id, bundle });
 *   console.log(exit === undefined ? "There was no container" : `It ended with ${exit.exitStatus}`);
 * }
 * ```
 */
export async function deleteShim(options: DeleteShimOptions): Promise<ExitStatus | undefined> {
  const { id, containerdAddress = "", force = false, signal } = options;
  const { namespace } = placeOf({ bundle: options.bundle, id, namespace: options.namespace });
  await requireProc();
  const bundle = await requireBundle(options.bundle, id);
  const target = { path: await findShimProgram(options), id, namespace, bundle, containerdAddress };
  const bootstrap = await readNote(bundle, force);
  await requireDead(target, bootstrap, force, signal);
  const exit = await deleteCommand(target, signal);
  // One that has others' containers goes on.
  if (bootstrap !== undefined && await removeDeadSocket(bootstrap.address)) {
    await removeBootstrap(bundle, bootstrap);
  }
  return exit;
}

/** With `force`, a note that can't be read is as good as none. */
async function readNote(bundle: string, force: boolean): Promise<ShimEndpoint | undefined> {
  try {
    return await readBootstrap(bundle);
  } catch (error) {
    if (!force) throw error;
    return undefined;
  }
}

/** With `force`, a shim that lives is told to remove the container and to end. */
async function requireDead(
  target: ShimTarget,
  bootstrap: ShimEndpoint | undefined,
  force: boolean,
  signal: AbortSignal | undefined,
): Promise<void> {
  const shim = bootstrap && await findLiving(bootstrap, target, signal);
  if (shim === undefined) return await requireNoProcess(target);
  const { taskVersion, transport } = shim;
  try {
    if (force) await endShim(taskClientOf(taskVersion, transport), target.id);
    else throw refused(target, "its shim lives; attach to it, or say force");
  } finally {
    await transport.close();
  }
}

/** The shim that a bundle tells of, unless nobody listens in its place. */
async function findLiving(
  bootstrap: ShimEndpoint,
  target: ShimTarget,
  signal: AbortSignal | undefined,
): Promise<ConnectedShim | undefined> {
  try {
    return await connectShim(bootstrap, target, signal);
  } catch (error) {
    const { code, rawMessage } = TtrpcError.from(error);
    if (code === Code.Unavailable && await removeDeadSocket(bootstrap.address, 0)) return undefined;
    if (code === Code.Canceled) throw error;
    throw refused(target, `its shim lives, but has to be ended first: ${rawMessage}`, error);
  }
}

/** A shim may be there all the same, if nobody has noted where it listens. */
async function requireNoProcess(target: ShimTarget): Promise<void> {
  for (const { bundle, pid } of await findShimProcesses()) {
    if (bundle !== target.bundle) continue;
    throw refused(target, `its shim lives, but can't be talked to; end process ${pid} first`);
  }
}

async function endShim(client: TaskClient, id: string): Promise<void> {
  try {
    await removeProcess(client, id, "");
    await client.shutdown({ id }, { timeoutMs: 5_000 });
  } catch {
    // What it can't do any more, the program does that is run next.
  }
}

function refused({ id }: ShimTarget, why: string, cause?: unknown): TtrpcError {
  return new TtrpcError(`Cannot delete ${id}: ${why}`, Code.FailedPrecondition, {
    cause,
    requestSent: false,
  });
}
