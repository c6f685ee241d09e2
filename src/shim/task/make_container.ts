import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CreateTaskRequestSchema } from "../../../gen/containerd/task/v3/task_pb.ts";
import type { CallOptions } from "../../rpc/call_options.ts";
import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { isNotFound, removeProcess } from "./remove_process.ts";
import type { TaskClient } from "./task_client.ts";
import { within } from "./within.ts";

/** Where runc keeps its containers if its options say nothing else; the namespace and the id follow. */
const RUNC_ROOT = "/run/containerd/runc";

/** What a container is made of. */
export interface ContainerPlan {
  /** Removes it where the shim can't. */
  removeWithoutShim: (reason: unknown) => Promise<void>;
  /** What the shim is asked for. */
  request: MessageInitShape<typeof CreateTaskRequestSchema> & { id: string };
  /** Folder where the runtime keeps the container's state. */
  stateFolder: string;
  /** Waits for a call that was given up, as long as that makes sense. */
  waitPatiently: (call: Promise<unknown>) => Promise<void>;
}

/**
 * Makes a container; one that is not made leaves nothing behind.
 *
 * @param leaveBehind Told of the removal of what a failed call has made; it goes on if the caller has given up.
 * @returns The number of its first process.
 * @throws {TtrpcError} If the shim can't make it, or the caller waits no longer, as a rejection.
 */
export async function makeContainer(
  client: TaskClient,
  { removeWithoutShim, request, stateFolder, waitPatiently }: ContainerPlan,
  options: CallOptions,
  leaveBehind: (rest: Promise<void>) => void,
): Promise<number> {
  const isForeign = await isKnown(client, request.id, options) || await mayBeThere(stateFolder);
  // Somebody else's container is not touched, be it one that was faster.
  const clear = async (reason: unknown) => {
    if (!isForeign && !isTaken(reason)) await removeWithoutShim(reason);
  };
  const removeOnceMade = async (call: Promise<unknown>) => {
    await waitPatiently(call);
    await removeProcess(client, request.id, "");
  };
  const { signal: _signal, timeoutMs: _timeoutMs, ...unbounded } = options;
  let call: Promise<number> | undefined;
  let hasFailed = false;
  const start = () => {
    call = client.create(request, unbounded).then(({ pid }) => pid);
    call.catch(() => hasFailed = true);
    return call;
  };
  try {
    return await within(start, options);
  } catch (error) {
    if (call !== undefined) {
      // The runtime may have made the container before the shim failed.
      const rest = hasFailed ? clear(error) : removeOnceMade(call).catch(clear);
      leaveBehind(rest);
      if (hasFailed) await rest.catch(() => {});
    }
    throw error;
  }
}

/** Where runc keeps the state of a container. */
export function runcStateFolder(root: string, namespace: string, id: string): string {
  return `${root || RUNC_ROOT}/${namespace}/${id}`;
}

/** Whether the shim has a container of that id already. */
async function isKnown(client: TaskClient, id: string, options: CallOptions): Promise<boolean> {
  try {
    await client.state({ id }, options);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Whether there is another container of that id. */
function isTaken(error: unknown): boolean {
  const { code, rawMessage } = TtrpcError.from(error);
  return code === Code.AlreadyExists || rawMessage.includes("already exists");
}

/** What may not be looked at may be there. */
async function mayBeThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return true;
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
