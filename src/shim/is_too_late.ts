import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";

/** Whether something has failed because it took too long. */
export function isTooLate(reason: unknown): reason is TtrpcError {
  return reason instanceof TtrpcError && reason.code === Code.DeadlineExceeded;
}
