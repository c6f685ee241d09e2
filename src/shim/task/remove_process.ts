import { Status } from "../../../gen/containerd/v1/types/task_pb.ts";
import type { CallOptions } from "../../rpc/call_options.ts";
import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import type { TaskClient } from "./task_client.ts";

/** How long one step of the removal may take before the shim counts as stuck. */
const STEP: CallOptions = { timeoutMs: 10_000 };
const SIGKILL = 9;

/**
 * Kills a process and removes it, whatever it is doing; a container's first process takes the container along.
 *
 * @param execId Empty for the first process.
 * @throws {TtrpcError} If the shim is gone or stuck, or can't do it, as a rejection.
 */
export async function removeProcess(client: TaskClient, id: string, execId: string): Promise<void> {
  const target = { id, execId };
  try {
    const { status } = await client.state(target, STEP);
    // A frozen process does not even die.
    if (status === Status.PAUSED) await client.resume({ id }, STEP);
    if (hasProcess(status, execId)) await kill(client, id, execId);
    await client.delete(target, STEP);
  } catch (error) {
    // It is gone already.
    if (!isNotFound(error)) throw error;
  }
}

/** A container that was created has a process that waits; a further one only begins when it is started. */
function hasProcess(status: Status, execId: string): boolean {
  return status !== Status.STOPPED && (status !== Status.CREATED || execId === "");
}

async function kill(client: TaskClient, id: string, execId: string): Promise<void> {
  try {
    await client.kill({ id, execId, signal: SIGKILL, all: execId === "" }, STEP);
  } catch (error) {
    // It has ended meanwhile.
    if (!isNotFound(error)) throw error;
  }
  await client.wait({ id, execId }, STEP);
}

/** Whether something is not there, or not any more. */
export function isNotFound(error: unknown): boolean {
  return error instanceof TtrpcError && error.code === Code.NotFound;
}
