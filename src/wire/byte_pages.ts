import { writeRaw } from "./write_raw.ts";

/** Bytes of a page: what the smallest slice of it that somebody keeps holds in memory. */
const PAGE_BYTES = 8192;
/** Up to so many bytes a slice of a page costs less than memory of its own. */
const SMALL_BYTES = 1024;

/** Copies of bytes in pages: allocating costs more than copying. What was handed out is never written again. */
export class BytePages {
  #page = new Uint8Array(0);
  #used = 0;

  /** Copies bytes out of memory that is only lent; large ones get memory of their own. */
  copy(from: Uint8Array, start: number, end: number): Uint8Array {
    const length = end - start;
    // The constructor does not clear what it fills, as `slice` does.
    if (length > SMALL_BYTES) return new Uint8Array(from.subarray(start, end));
    if (this.#used + length > this.#page.length) {
      this.#page = new Uint8Array(PAGE_BYTES);
      this.#used = 0;
    }
    const copy = this.#page.subarray(this.#used, this.#used + length);
    this.#used += length;
    writeRaw(copy, 0, from, start, end);
    return copy;
  }
}
