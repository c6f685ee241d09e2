/** Bytes of a page; a slice of it that a user keeps holds no more memory than that. */
const PAGE_BYTES = 8192;
/** Up to so many bytes a slice of a page costs less than memory of its own. */
const SMALL_BYTES = 1024;
/** Up to so many bytes a loop is faster than a call of `set`. */
const SHORT_BYTES = 48;

let page = new Uint8Array(0);
let used = 0;

/**
 * Copies bytes out of memory that is only lent. Small ones share a page, since allocating costs more than
 * copying; what was handed out is never written again.
 */
export function copyBytes(from: Uint8Array, start: number, end: number): Uint8Array {
  const length = end - start;
  // The constructor does not clear what it fills, as `slice` does.
  if (length > SMALL_BYTES) return new Uint8Array(from.subarray(start, end));
  if (used + length > page.length) {
    page = new Uint8Array(PAGE_BYTES);
    used = 0;
  }
  const copy = page.subarray(used, used + length);
  used += length;
  if (length > SHORT_BYTES) {
    copy.set(from.subarray(start, end));
  } else {
    for (let i = 0; i < length; i++) copy[i] = from[start + i] ?? 0;
  }
  return copy;
}
