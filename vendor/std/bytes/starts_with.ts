import { equals } from "./equals.ts";

/**
 * Tells if `source` begins with `prefix`. An empty prefix begins every array.
 *
 * @param source The array to look at.
 * @param prefix The bytes it should begin with.
 */
export function startsWith(source: Uint8Array, prefix: Uint8Array): boolean {
  return equals(source.subarray(0, prefix.length), prefix);
}
