import { FRAME_HEADER_BYTES, writeFrameHeader } from "../wire/frame.ts";

/** First buffer of a burst, and those that follow: one small call should not pay for a large buffer. */
const FIRST_BYTES = 4096;
const NEXT_BYTES = 65536;

/**
 * Frames on their way to the socket, encoded in place one behind the other.
 *
 * A frame is begun, its body written into `bytes`, and committed. What was begun and not committed is
 * overwritten by the next frame, so an encoder that throws leaves no trace.
 */
export class OutputBuffer {
  #bytes = new Uint8Array(0);
  #end = 0;
  #full: Uint8Array[] = [];
  #nextBytes = FIRST_BYTES;

  /** Where the body of the frame that was begun is written. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /**
   * Makes room for a frame.
   *
   * @returns The index in `bytes` of the body's first byte.
   */
  begin(bodyBytes: number): number {
    const needed = FRAME_HEADER_BYTES + bodyBytes;
    if (this.#end + needed > this.#bytes.length) {
      this.#pushFull();
      this.#bytes = new Uint8Array(Math.max(needed, this.#nextBytes));
      this.#nextBytes = NEXT_BYTES;
    }
    return this.#end + FRAME_HEADER_BYTES;
  }

  /**
   * Puts the header before a body that ends at `end`; the frame will be sent.
   *
   * @returns How many bytes the frame has.
   */
  commit(streamId: number, type: number, flags: number, end: number): number {
    const frameBytes = end - this.#end;
    writeFrameHeader(this.#bytes, this.#end, frameBytes - FRAME_HEADER_BYTES, streamId, type, flags);
    this.#end = end;
    return frameBytes;
  }

  /** Takes the bytes that are next to be sent; they belong to the caller. Undefined when there are none. */
  take(): Uint8Array | undefined {
    const full = this.#full.shift();
    if (full !== undefined || this.#end === 0) return full;
    const bytes = this.#bytes.subarray(0, this.#end);
    this.#bytes = new Uint8Array(0);
    this.#end = 0;
    this.#nextBytes = FIRST_BYTES;
    return bytes;
  }

  #pushFull(): void {
    if (this.#end > 0) this.#full.push(this.#bytes.subarray(0, this.#end));
    this.#end = 0;
  }
}
