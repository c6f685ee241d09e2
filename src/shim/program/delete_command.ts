import { fromBinary } from "@bufbuild/protobuf";
import { DeleteResponseSchema } from "../../../gen/containerd/task/v3/task_pb.ts";
import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { type ExitStatus, exitStatusOf } from "../task/exit_status.ts";
import { runShimCommand, type ShimTarget } from "./shim_command.ts";

/**
 * Runs `delete` of a shim: kills what is left of a container, removes it and its mounts. May be run again.
 *
 * @returns How the container has ended; undefined if there was none.
 * @throws {TtrpcError} With code 14 and what was printed if it fails, as a rejection.
 */
export async function deleteCommand(
  target: ShimTarget,
  signal?: AbortSignal,
): Promise<ExitStatus | undefined> {
  const flags = ["-bundle", target.bundle];
  const { success, stdout, stderr } = await runShimCommand("delete", target, { flags, signal });
  if (!success) {
    // Shims up to 2.0 look for this file, which a container that was never made does not have.
    if (/\/runtime: no such file/.test(stderr)) return undefined;
    const message = `Cannot delete ${target.id} with ${target.path}: ${stderr}`;
    throw new TtrpcError(message, Code.Unavailable, { requestSent: false });
  }
  const reply = fromBinary(DeleteResponseSchema, stdout);
  // What newer ones answer for such a container.
  const wasThere = reply.pid !== 0 && reply.pid !== 0xffffffff;
  return wasThere ? exitStatusOf(reply) : undefined;
}
