import type { Frame } from "../../src/wire/frame.ts";
import type { FrameDecoder, FrameSink } from "../../src/wire/frame_decoder.ts";

/** A frame that was passed over, with the length it announced. */
export type SkippedFrame = Omit<Frame, "body"> & { length: number };

/** Keeps all that a decoder finds, in its order. It copies the bodies that it has to copy, and no others. */
export class RecordingSink implements FrameSink {
  readonly seen: (Frame | SkippedFrame)[] = [];

  frame(streamId: number, type: number, flags: number, body: Uint8Array, isOwned: boolean): void {
    this.seen.push({ streamId, type, flags, body: isOwned ? body : body.slice() });
  }

  oversize(streamId: number, type: number, flags: number, length: number): void {
    this.seen.push({ streamId, type, flags, length });
  }
}

/**
 * Decodes a whole connection, as a pipe does that reads into one buffer: each chunk is overwritten as soon as
 * it was pushed.
 */
export function decodeChunks(
  decoder: FrameDecoder,
  chunks: Iterable<Uint8Array>,
): (Frame | SkippedFrame)[] {
  const sink = new RecordingSink();
  for (const chunk of chunks) {
    const lent = chunk.slice();
    decoder.push(lent, sink);
    lent.fill(0xee);
  }
  decoder.end();
  return sink.seen;
}
