import { AssertionError } from "./assertion_error.ts";
import { explain } from "./explain.ts";

/**
 * Fails where no way should lead.
 *
 * @param reason What to add to the message.
 * @throws {AssertionError} Always.
 */
export function unreachable(reason?: string): never {
  throw new AssertionError(explain("Reached what should be out of reach", reason));
}
