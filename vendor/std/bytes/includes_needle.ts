import { indexOfNeedle } from "./index_of_needle.ts";

/**
 * Tells if `needle` stands somewhere in `source`.
 *
 * @param source The array to search.
 * @param needle The bytes to find; an empty one is never found.
 * @param start Where to begin; a negative one counts from the end.
 */
export function includesNeedle(source: Uint8Array, needle: Uint8Array, start = 0): boolean {
  return indexOfNeedle(source, needle, start) !== -1;
}
