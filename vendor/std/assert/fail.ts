import { AssertionError } from "./assertion_error.ts";
import { explain } from "./explain.ts";

/**
 * Fails where it is called.
 *
 * @param msg What to add to the message.
 * @throws {AssertionError} Always.
 */
export function fail(msg?: string): never {
  throw new AssertionError(explain("Failed", msg));
}
