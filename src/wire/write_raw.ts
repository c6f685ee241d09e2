/** Up to so many bytes a loop is faster than a call of `set`. */
const SHORT_BYTES = 48;

/**
 * Writes bytes as they are.
 *
 * @param start Index of the first byte in `from`.
 * @param end Index after the last one.
 * @returns The index in `out` after the last byte.
 */
export function writeRaw(
  out: Uint8Array,
  at: number,
  from: Uint8Array,
  start = 0,
  end: number = from.length,
): number {
  const length = end - start;
  if (length > SHORT_BYTES) {
    out.set(length === from.length ? from : from.subarray(start, end), at);
  } else {
    for (let i = 0; i < length; i++) out[at + i] = from[start + i] ?? 0;
  }
  return at + length;
}
