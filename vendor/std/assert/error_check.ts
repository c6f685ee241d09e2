import { AssertionError } from "./assertion_error.ts";
import { explain, show } from "./explain.ts";

/** The class of an error. */
export type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;

/** What `assertThrows` and `assertRejects` were told to look for. */
export interface Expectation<E extends Error> {
  /** The class the error must be an instance of. */
  errorClass?: ErrorClass<E>;
  /** What its message must have in it. */
  includes?: string;
  /** What to add to the message of a failed assertion. */
  msg?: string;
}

/** Reads the arguments behind the function: `(msg?)` or `(ErrorClass, msgIncludes?, msg?)`. */
export function readExpectation<E extends Error>(
  first: ErrorClass<E> | string | undefined,
  includes: string | undefined,
  msg: string | undefined,
): Expectation<E> {
  return typeof first === "function" ? { errorClass: first, includes, msg } : { msg: first };
}

/** Asserts that an error is the expected one. */
export function checkError<E extends Error>(error: unknown, expectation: Expectation<E>): void {
  const { errorClass, includes, msg } = expectation;
  if (errorClass === undefined) return;
  if (!(error instanceof errorClass)) {
    throw new AssertionError(explain(`Expected a ${errorClass.name}, not ${show(error)}`, msg), {
      cause: error,
    });
  }
  if (includes !== undefined && !error.message.includes(includes)) {
    const problem = `Expected a message with ${show(includes)}, not ${show(error.message)}`;
    throw new AssertionError(explain(problem, msg), { cause: error });
  }
}
