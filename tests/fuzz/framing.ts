import { FRAME_HEADER_BYTES, MAX_BODY_BYTES } from "../../src/frame/mod.ts";

/**
 * How many bytes have to follow before another frame can begin; undefined if none can: there is a header that
 * no decoder gets past.
 */
export function missingBytes(bytes: Uint8Array): number | undefined {
  const padded = new Uint8Array(bytes.length + FRAME_HEADER_BYTES);
  padded.set(bytes);
  const view = new DataView(padded.buffer);
  let at = 0;
  while (at < bytes.length) {
    const length = view.getUint32(at);
    if (length > MAX_BODY_BYTES) return undefined;
    at += FRAME_HEADER_BYTES + length;
  }
  return at - bytes.length;
}
