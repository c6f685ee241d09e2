import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { explain, show } from "./explain.ts";

/**
 * Asserts that two values are not equal in depth, as `equal` defines it.
 *
 * @param actual The value that came out.
 * @param expected The value it should not be.
 * @param msg What to add to the message.
 * @throws {AssertionError} If they are equal.
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(explain(`Both values are ${show(actual)}`, msg));
}
