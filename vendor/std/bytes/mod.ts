/**
 * A stand-in for the functions of `@std/bytes` this project uses.
 *
 * @module
 */

export { concat } from "./concat.ts";
export { copy } from "./copy.ts";
export { endsWith } from "./ends_with.ts";
export { equals } from "./equals.ts";
export { includesNeedle } from "./includes_needle.ts";
export { indexOfNeedle } from "./index_of_needle.ts";
export { startsWith } from "./starts_with.ts";
