import { AssertionError } from "./assertion_error.ts";
import { explain, show } from "./explain.ts";

/**
 * Asserts that one value is at least another.
 *
 * @param actual The value that came out.
 * @param expected The value it is compared with.
 * @param msg What to add to the message.
 * @throws {AssertionError} If it is not.
 */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (actual >= expected) return;
  throw new AssertionError(explain(`Expected ${show(actual)} to be at least ${show(expected)}`, msg));
}
