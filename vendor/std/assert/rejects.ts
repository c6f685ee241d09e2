import { AssertionError } from "./assertion_error.ts";
import { checkError, type ErrorClass, readExpectation } from "./error_check.ts";
import { explain } from "./explain.ts";

/**
 * Asserts that a function returns a promise that rejects.
 *
 * @param fn The function to call.
 * @param msg What to add to the message.
 * @returns What it rejected with.
 * @throws {AssertionError} If the promise resolves, or the function throws instead.
 */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/**
 * Asserts that a function returns a promise that rejects with an error of a class.
 *
 * @param fn The function to call.
 * @param ErrorClass The class.
 * @param msgIncludes What the error's message must have in it.
 * @param msg What to add to the message.
 * @returns The error.
 * @throws {AssertionError} If the promise resolves or rejects with something else, or the function throws
 * instead.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClass<E> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expectation = readExpectation(classOrMsg, msgIncludes, msg);
  let promise: PromiseLike<unknown>;
  try {
    promise = fn();
  } catch (cause) {
    throw new AssertionError(explain("Expected a promise, but the function threw", expectation.msg), {
      cause,
    });
  }
  try {
    await promise;
  } catch (error) {
    checkError(error, expectation);
    return error;
  }
  throw new AssertionError(explain("Expected the promise to reject", expectation.msg));
}
