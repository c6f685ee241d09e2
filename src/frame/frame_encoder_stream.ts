import type { Frame } from "../wire/frame.ts";
import { encodeFrame } from "./encode_frame.ts";

/**
 * Frames in, bytes out: one chunk for each frame.
 *
 * Fails with a `RangeError` at a frame that can't be encoded.
 *
 * @example Usage
 * ```ts
 * import { FrameEncoderStream, FrameType } from "@ttrpc/ttrpc/frame";
 * import { toArrayBuffer } from "@std/streams";
 * import { assertEquals } from "@std/assert";
 *
 * const end = { streamId: 1, type: FrameType.Data, flags: 5, body: new Uint8Array(0) };
 * const bytes = await toArrayBuffer(ReadableStream.from([end]).pipeThrough(new FrameEncoderStream()));
 * assertEquals(new Uint8Array(bytes), new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1, 3, 5]));
 * ```
 */
export class FrameEncoderStream extends TransformStream<Frame, Uint8Array<ArrayBuffer>> {
  /** Makes a stream that encodes frames. */
  constructor() {
    super({ transform: (frame, controller) => controller.enqueue(encodeFrame(frame)) });
  }
}
