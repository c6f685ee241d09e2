import { FRAME_HEADER_BYTES, NO_BYTES, writeFrameHeader } from "../wire/frame.ts";
import { buffers } from "./buffer_pool.ts";

/** A buffer of a burst: a small one, unless the last burst was larger. */
const SMALL_BYTES = 4096;
const LARGE_BYTES = 262_144;

/**
 * Frames on their way to the socket, encoded in place one behind the other.
 *
 * A frame is begun, its body written into `bytes`, and committed. What was begun and not committed goes
 * nowhere, so an encoder that throws leaves no trace.
 */
export class OutputBuffer {
  #bytes: Uint8Array<ArrayBuffer> = NO_BYTES;
  #end = 0;
  /** Whether a message is being written into `bytes`: until it is, no other frame may be. */
  #isHeld = false;
  #full: { buffer: Uint8Array<ArrayBuffer>; end: number }[] = [];
  #taken: Uint8Array<ArrayBuffer> = NO_BYTES;
  #nextBytes = SMALL_BYTES;
  #burstBytes = 0;

  /** Where the body of the frame that was begun is written. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }

  /**
   * Makes room for a frame.
   *
   * @returns The index in `bytes` of the body's first byte.
   */
  begin(bodyBytes: number): number {
    const needed = FRAME_HEADER_BYTES + bodyBytes;
    if (this.#end + needed > this.#bytes.length || this.#isHeld) {
      this.#pushFull();
      this.#bytes = buffers.take(Math.max(needed, this.#nextBytes));
      this.#nextBytes = LARGE_BYTES;
    }
    return this.#end + FRAME_HEADER_BYTES;
  }

  /** From now on a message is written into `bytes`, whose getters may send other ones: they go elsewhere. */
  hold(): void {
    this.#isHeld = true;
  }

  /** The message has been written, or could not be. */
  release(): void {
    this.#isHeld = false;
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
    this.#burstBytes += frameBytes;
    return frameBytes;
  }

  /** Takes the bytes that are next to be sent; they belong to the caller. Undefined when there are none. */
  take(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#full.length === 0) this.#pushFull();
    const full = this.#full.shift();
    if (full === undefined) {
      this.#nextBytes = this.#burstBytes > SMALL_BYTES ? LARGE_BYTES : SMALL_BYTES;
      this.#burstBytes = 0;
      return undefined;
    }
    this.#taken = full.buffer;
    return full.buffer.subarray(0, full.end);
  }

  /** Takes back what was taken last: nobody looks at it any more, and other frames may be written there. */
  giveBack(): void {
    buffers.giveBack(this.#taken);
    this.#taken = NO_BYTES;
  }

  /** Forgets what was taken last: it belongs to somebody else for good. */
  forget(): void {
    this.#taken = NO_BYTES;
  }

  #pushFull(): void {
    if (this.#end > 0) this.#full.push({ buffer: this.#bytes, end: this.#end });
    this.#startAnew();
  }

  #startAnew(): void {
    this.#bytes = NO_BYTES;
    this.#end = 0;
    this.#isHeld = false;
  }
}
