/**
 * A stand-in for the functions of `@std/assert` this project uses.
 *
 * @module
 */

export { assert } from "./assert.ts";
export { AssertionError } from "./assertion_error.ts";
export { equal } from "./equal.ts";
export { assertEquals } from "./equals.ts";
export { assertExists } from "./exists.ts";
export { assertGreater } from "./greater.ts";
export { assertGreaterOrEqual } from "./greater_or_equal.ts";
export { assertInstanceOf } from "./instance_of.ts";
export { assertLess } from "./less.ts";
export { assertLessOrEqual } from "./less_or_equal.ts";
export { assertMatch } from "./match.ts";
export { assertNotEquals } from "./not_equals.ts";
export { assertRejects } from "./rejects.ts";
export { assertStrictEquals } from "./strict_equals.ts";
export { assertStringIncludes } from "./string_includes.ts";
export { assertThrows } from "./throws.ts";
