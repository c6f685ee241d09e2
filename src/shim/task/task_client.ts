import { createTaskClient as createTaskV2Client } from "../../../gen/containerd/task/v2/task_ttrpc.ts";
import { createTaskClient, type TaskClient } from "../../../gen/containerd/task/v3/task_ttrpc.ts";
import type { Transport } from "../../client/transport.ts";
import type { CallOptions } from "../../rpc/call_options.ts";
import { isUnimplemented } from "../../rpc/ttrpc_error.ts";

/**
 * The versions of the Task service: 2 up to containerd 1.7, 3 from 2.0 on. Their messages have the same fields.
 *
 * @example Which containerd it is of
 * ```ts
 * import type { TaskVersion } from "@ttrpc/ttrpc/shim";
 *
 * function release(version: TaskVersion): string {
 *   return version === 2 ? "containerd 1.6 or 1.7" : "containerd 2.0 or later";
 * }
 * ```
 */
export type TaskVersion = 2 | 3;

export type { TaskClient };

/** Makes a client of the version that a shim serves. */
export function taskClientOf(version: TaskVersion, transport: Transport): TaskClient {
  return version === 2 ? createTaskV2Client(transport) : createTaskClient(transport);
}

/**
 * Asks a shim who it is, and with that which version it serves: one that prints nothing but its address does not say.
 *
 * @param likely The version to try first.
 * @throws {TtrpcError} If it can't be asked, as a rejection.
 */
export async function probeTaskVersion(
  transport: Transport,
  id: string,
  likely: TaskVersion,
  options: CallOptions,
): Promise<{ taskVersion: TaskVersion; shimPid: number }> {
  const ask = async (taskVersion: TaskVersion) => {
    const { shimPid } = await taskClientOf(taskVersion, transport).connect({ id }, options);
    return { taskVersion, shimPid };
  };
  try {
    return await ask(likely);
  } catch (error) {
    if (!isUnimplemented(error)) throw error;
    return await ask(likely === 2 ? 3 : 2);
  }
}
