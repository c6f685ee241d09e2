/**
 * Frames and envelopes without calls: for proxies, recorders and other tools.
 *
 * ```ts
 * import { encodeFrame, FrameDecoderStream, FrameType } from "@ttrpc/ttrpc/frame";
 *
 * const bytes = encodeFrame({ streamId: 1, type: FrameType.Data, flags: 0, body: new Uint8Array(3) });
 * for await (const frame of ReadableStream.from([bytes]).pipeThrough(new FrameDecoderStream())) {
 *   console.log(frame.streamId, frame.body.length);
 * }
 * ```
 *
 * @module
 */

export {
  FrameDecoderStream,
  type FrameDecoderStreamOptions,
  type OversizeFrame,
} from "./frame_decoder_stream.ts";
export { encodeFrame } from "./encode_frame.ts";
export { FrameEncoderStream } from "./frame_encoder_stream.ts";
export {
  DEFAULT_MAX_BODY_BYTES,
  type Frame,
  FRAME_HEADER_BYTES,
  FrameError,
  FrameFlag,
  FrameType,
  MAX_BODY_BYTES,
} from "../wire/frame.ts";
export { FrameDecoder, type FrameDecoderOptions, type FrameSink } from "../wire/frame_decoder.ts";
export { decodeRequest, encodeRequest, type RequestEnvelope } from "../wire/request_envelope.ts";
export {
  decodeResponse,
  encodeResponse,
  type ResponseEnvelope,
  type Status,
  type StatusDetail,
} from "../wire/response_envelope.ts";
