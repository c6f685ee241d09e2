/** Bytes of a page: what the smallest slice of it that somebody keeps holds in memory. */
const PAGE_BYTES = 8192;
/** Up to so many bytes a slice of a page costs less than memory of its own. */
const SMALL_BYTES = 1024;
/** Up to so many bytes a loop is faster than a call of `set`. */
const SHORT_BYTES = 48;

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
    if (length > SHORT_BYTES) {
      copy.set(from.subarray(start, end));
    } else {
      for (let i = 0; i < length; i++) copy[i] = from[start + i] ?? 0;
    }
    return copy;
  }
}

/** The pages of all fields that users are given. */
const fields = new BytePages();

/** Copies the bytes of a field out of memory that is only lent. */
export function copyBytes(from: Uint8Array, start: number, end: number): Uint8Array {
  return fields.copy(from, start, end);
}
