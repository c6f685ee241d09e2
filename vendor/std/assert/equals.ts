import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { difference, explain } from "./explain.ts";

/**
 * Asserts that two values are equal in depth, as `equal` defines it.
 *
 * @param actual The value that came out.
 * @param expected The value it should be.
 * @param msg What to add to the message.
 * @throws {AssertionError} If they differ; its message shows where.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(`${explain("Values are not equal", msg)}\n${difference(actual, expected)}`);
}
