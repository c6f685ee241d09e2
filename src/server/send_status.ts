import type { WriterPipe } from "../connection/writer_pipe.ts";
import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { FrameType, NO_BYTES } from "../wire/frame.ts";
import { encodeResponse } from "../wire/response_envelope.ts";

/** Answers a stream with an error; one that is over the limit for frames with the error of that, code 8. */
export function sendStatus(writer: WriterPipe, streamId: number, error: TtrpcError): void {
  try {
    writer.send(streamId, FrameType.Response, 0, encodeStatus(error.code, error.rawMessage, error.details));
  } catch (cause) {
    const { rawMessage } = TtrpcError.from(cause);
    writer.send(streamId, FrameType.Response, 0, encodeStatus(Code.ResourceExhausted, rawMessage, []));
  }
}

function encodeStatus(code: Code, message: string, details: TtrpcError["details"]): Uint8Array {
  return encodeResponse({ status: { code, message, details: [...details] }, payload: NO_BYTES });
}
