import { type Frame, FRAME_HEADER_BYTES, MAX_BODY_BYTES, writeFrameHeader } from "../wire/frame.ts";
import { requireWhole } from "../wire/require_whole.ts";

/**
 * Encodes a frame, in memory of its own.
 *
 * @throws {RangeError} If the body is longer than a frame can announce, or a number of the header has no
 * room.
 *
 * @example A request
 * ```ts
 * import { encodeFrame, encodeRequest, FrameType } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const call = { service: "greeter.v1.Greeter", method: "Hello", timeoutNanos: 0n, metadata: [] };
 * const body = encodeRequest({ ...call, payload: new Uint8Array(0) });
 * const bytes = encodeFrame({ streamId: 1, type: FrameType.Request, flags: 0, body });
 * assertEquals(bytes.subarray(0, 10), new Uint8Array([0, 0, 0, 27, 0, 0, 0, 1, 1, 0]));
 * ```
 */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const { streamId, type, flags, body } = frame;
  requireWhole("the length of a body", body.length, 0, MAX_BODY_BYTES);
  requireWhole("streamId", streamId, 0, 0xffffffff);
  requireWhole("type", type, 0, 0xff);
  requireWhole("flags", flags, 0, 0xff);
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + body.length);
  writeFrameHeader(bytes, 0, body.length, streamId, type, flags);
  bytes.set(body, FRAME_HEADER_BYTES);
  return bytes;
}
