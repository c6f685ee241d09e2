import { AssertionError } from "./assertion_error.ts";
import { difference, explain } from "./explain.ts";

/**
 * Asserts that two values are the same one, by `Object.is`.
 *
 * @param actual The value that came out.
 * @param expected The value it should be.
 * @param msg What to add to the message.
 * @throws {AssertionError} If they are not the same.
 */
export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    `${explain("Values are not strictly equal", msg)}\n${difference(actual, expected)}`,
  );
}
