import { type Frame, FRAME_HEADER_BYTES, MAX_BODY_BYTES, writeFrameHeader } from "../wire/frame.ts";

/**
 * Encodes a frame, in memory of its own.
 *
 * @throws {RangeError} If the body is longer than a frame can announce, or a number of the header has no room.
 */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const { streamId, type, flags, body } = frame;
  requireWhole("a body of so many bytes", body.length, MAX_BODY_BYTES);
  requireWhole("stream id", streamId, 0xffffffff);
  requireWhole("type", type, 0xff);
  requireWhole("flags", flags, 0xff);
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + body.length);
  writeFrameHeader(bytes, 0, body.length, streamId, type, flags);
  bytes.set(body, FRAME_HEADER_BYTES);
  return bytes;
}

function requireWhole(name: string, value: number, most: number): void {
  if (Number.isInteger(value) && value >= 0 && value <= most) return;
  throw new RangeError(`Cannot encode a frame with ${name} ${value}: not a whole number of 0 to ${most}`);
}
