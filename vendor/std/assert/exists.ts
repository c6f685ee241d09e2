import { AssertionError } from "./assertion_error.ts";
import { explain } from "./explain.ts";

/**
 * Asserts that a value is neither `null` nor `undefined`.
 *
 * @param actual The value.
 * @param msg What to add to the message.
 * @throws {AssertionError} If it is one of them.
 */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    throw new AssertionError(explain(`Expected a value instead of ${actual}`, msg));
  }
}
