import { AssertionError } from "./assertion_error.ts";
import { explain, show } from "./explain.ts";

/**
 * Asserts that a string matches a regular expression.
 *
 * @param actual The string.
 * @param expected The expression.
 * @param msg What to add to the message.
 * @throws {AssertionError} If it does not match.
 */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) return;
  throw new AssertionError(explain(`Expected ${show(actual)} to match ${expected}`, msg));
}
