import { equals } from "./equals.ts";

/**
 * Tells if `source` ends with `suffix`. An empty suffix ends every array.
 *
 * @param source The array to look at.
 * @param suffix The bytes it should end with.
 */
export function endsWith(source: Uint8Array, suffix: Uint8Array): boolean {
  return equals(source.subarray(Math.max(0, source.length - suffix.length)), suffix);
}
