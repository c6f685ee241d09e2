/** Smallest buffer, and largest one that is kept. */
const MIN_BYTES = 4096;
const MAX_BYTES = 2_097_152;
/** So much is kept at most, and so much of one length: many of one must not keep all others out. */
const KEPT_BYTES = 8_388_608;
const KEPT_BYTES_OF_A_LENGTH = KEPT_BYTES / 2;

/**
 * Buffers that were used and can be used again: to allocate and clear one costs more than to fill it.
 *
 * Their lengths are powers of two, so that one fits many.
 */
export class BufferPool {
  readonly #free = new Map<number, Uint8Array<ArrayBuffer>[]>();
  #keptBytes = 0;

  /** How many bytes wait to be used again. */
  get keptBytes(): number {
    return this.#keptBytes;
  }

  /** A buffer of so many bytes, or more; what it holds is left from its last use. */
  take(bytes: number): Uint8Array<ArrayBuffer> {
    const length = lengthFor(bytes);
    const buffer = this.#free.get(length)?.pop();
    if (buffer === undefined) return new Uint8Array(length);
    this.#keptBytes -= length;
    return buffer;
  }

  /** Takes a buffer back, which nobody looks at any more; one that does not fit in is left to the collector. */
  giveBack(buffer: Uint8Array<ArrayBuffer>): void {
    const { length } = buffer;
    if (length > MAX_BYTES || length !== lengthFor(length) || this.#keptBytes + length > KEPT_BYTES) return;
    const free = this.#free.get(length) ?? [];
    if ((free.length + 1) * length > KEPT_BYTES_OF_A_LENGTH) return;
    this.#keptBytes += length;
    this.#free.set(length, free);
    free.push(buffer);
  }
}

/** The buffers of all connections. */
export const buffers = new BufferPool();

function lengthFor(bytes: number): number {
  if (bytes <= MIN_BYTES) return MIN_BYTES;
  return bytes > MAX_BYTES ? bytes : 2 ** (32 - Math.clz32(bytes - 1));
}
