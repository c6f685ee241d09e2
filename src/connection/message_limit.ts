import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";

/**
 * The error of a call with a frame whose body is over the limit, in the words that all peers use (PROTOCOL.md
 * L1).
 */
export function overLimit(bodyBytes: number, maxBytes: number, requestSent = true): TtrpcError {
  const message = `message length ${bodyBytes} exceed maximum message size of ${maxBytes}`;
  return new TtrpcError(message, Code.ResourceExhausted, { requestSent });
}
