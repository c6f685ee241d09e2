import { AssertionError } from "./assertion_error.ts";
import { explain, show } from "./explain.ts";

/**
 * Asserts that a string has another one in it.
 *
 * @param actual The string.
 * @param expected The part it should have.
 * @param msg What to add to the message.
 * @throws {AssertionError} If it has not.
 */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(explain(`Expected ${show(actual)} to include ${show(expected)}`, msg));
}
