import { equals } from "./equals.ts";

/**
 * Finds the first place where `needle` stands in `source`.
 *
 * @param source The array to search.
 * @param needle The bytes to find; an empty one is never found.
 * @param start Where to begin; a negative one counts from the end.
 * @returns The index of its first byte, or -1.
 */
export function indexOfNeedle(source: Uint8Array, needle: Uint8Array, start = 0): number {
  const first = needle[0];
  if (first === undefined) return -1;
  const begin = start < 0 ? Math.max(0, source.length + start) : start;
  let at = source.indexOf(first, begin);
  while (at !== -1) {
    if (equals(source.subarray(at, at + needle.length), needle)) return at;
    at = source.indexOf(first, at + 1);
  }
  return -1;
}
