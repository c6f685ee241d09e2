import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CreateTaskRequestSchema } from "../../../gen/containerd/task/v3/task_pb.ts";
import type { CallOptions } from "../../rpc/call_options.ts";
import { Code } from "../../rpc/code.ts";
import { Deadline } from "../../rpc/deadline.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import type { Makings } from "./makings.ts";
import { isNotFound, removeProcess } from "./remove_process.ts";
import type { TaskClient } from "./task_client.ts";

/** Where runc keeps its containers if its options say nothing else; the namespace and the id follow. */
const RUNC_ROOT = "/run/containerd/runc";

/** What a container is made of. */
export interface ContainerPlan {
  /** What the shim is asked for. */
  request: MessageInitShape<typeof CreateTaskRequestSchema> & { id: string };
  /** Folder where the runtime keeps the container's state. */
  stateFolder: string;
  /** Removes it where the shim can't. */
  removeWithoutShim: (reason: unknown) => Promise<void>;
}

/**
 * Makes a container; one that is not made leaves nothing behind.
 *
 * @returns The number of its first process.
 * @throws {TtrpcError} If the shim can't make it, or the caller waits no longer, as a rejection.
 */
export async function makeContainer(
  client: TaskClient,
  makings: Makings,
  { request, stateFolder, removeWithoutShim }: ContainerPlan,
  options: CallOptions,
): Promise<number> {
  const deadline = Deadline.afterMs(options.timeoutMs);
  const isForeign = await isKnown(client, request.id, makings.bounded(options)) ||
    await mayBeThere(stateFolder);
  const left = { ...options, timeoutMs: deadline?.remainingMs };
  const { pid } = await makings.make((unbounded) => client.create(request, unbounded), left, {
    remove: () => removeProcess(client, request.id, ""),
    // The runtime may have made it before the shim failed. Somebody else's is not touched, even if that was faster.
    clear: async (reason) => {
      if (!isForeign && !isTaken(reason)) await removeWithoutShim(reason);
    },
  });
  return pid;
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
