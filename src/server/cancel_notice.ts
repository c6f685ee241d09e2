import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { decodeResponse } from "../wire/response_envelope.ts";

/**
 * Reads the Response that a client sends for a call it has given up (PROTOCOL.md X2).
 *
 * @returns What the handler's signal aborts with; undefined if the frame means nothing in this direction.
 */
export function decodeCancelNotice(body: Uint8Array): TtrpcError | undefined {
  try {
    const code = decodeResponse(body).status?.code;
    if (code === Code.Canceled) return new TtrpcError("The client canceled the call", code);
    if (code === Code.DeadlineExceeded) return new TtrpcError("context deadline exceeded", code);
  } catch {
    // A frame without a meaning here is ignored, and so is one that can't be decoded.
  }
  return undefined;
}
