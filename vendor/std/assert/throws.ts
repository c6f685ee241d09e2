import { AssertionError } from "./assertion_error.ts";
import { checkError, type ErrorClass, readExpectation } from "./error_check.ts";
import { explain } from "./explain.ts";

/**
 * Asserts that a function throws.
 *
 * @param fn The function to call.
 * @param msg What to add to the message.
 * @returns What it threw.
 * @throws {AssertionError} If it does not throw.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Asserts that a function throws an error of a class.
 *
 * @param fn The function to call.
 * @param ErrorClass The class.
 * @param msgIncludes What the error's message must have in it.
 * @param msg What to add to the message.
 * @returns The error.
 * @throws {AssertionError} If it does not throw, or something else.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expectation = readExpectation(classOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    checkError(error, expectation);
    return error;
  }
  throw new AssertionError(explain("Expected the function to throw", expectation.msg));
}
