/**
 * Copies as much of `src` into `dst` as fits behind `offset`.
 *
 * @param src Where the bytes come from.
 * @param dst Where they go.
 * @param offset Index in `dst` of the first byte; moved into the bounds of `dst` if it lies outside.
 * @returns How many bytes were copied.
 */
export function copy(src: Uint8Array, dst: Uint8Array, offset = 0): number {
  const start = Math.min(Math.max(offset, 0), dst.length);
  const count = Math.min(src.length, dst.length - start);
  dst.set(src.subarray(0, count), start);
  return count;
}
