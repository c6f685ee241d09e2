import { assertEquals, assertRejects } from "@std/assert";
import { type Code, TtrpcError } from "../../mod.ts";

/** Asserts how a call fails, and gives its error for more questions. */
export async function assertFails(call: Promise<unknown>, code: Code, message: string): Promise<TtrpcError> {
  const error = await assertRejects(() => call, TtrpcError);
  assertEquals([error.code, error.rawMessage], [code, message]);
  return error;
}
