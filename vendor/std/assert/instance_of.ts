import { AssertionError } from "./assertion_error.ts";
import { explain, show } from "./explain.ts";

/**
 * Asserts that a value is an instance of a class.
 *
 * @param actual The value.
 * @param expectedType The class.
 * @param msg What to add to the message.
 * @throws {AssertionError} If it is not.
 */
export function assertInstanceOf<T extends abstract new (...args: never[]) => unknown>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  throw new AssertionError(explain(`Expected an instance of ${expectedType.name}, not ${show(actual)}`, msg));
}
