/**
 * A stand-in for the functions of `@std/bytes` this project uses.
 *
 * @module
 */

export { concat } from "./concat.ts";
export { equals } from "./equals.ts";
