import { TtrpcError } from "../../mod.ts";
import type { PlannedCall } from "./planned_call.ts";
import { turns } from "../waiting.ts";
import { expectEqual } from "./wrong_answer.ts";

/**
 * Reads the replies of a stream as its call's plan says.
 *
 * @param due How many there must be before the call ends with its reply or a failure.
 * @param verify Holds each against what it must be.
 */
export async function readReplies<T>(
  { plan: { random, ending, failure } }: PlannedCall,
  replies: AsyncIterable<T>,
  due: number,
  verify: (reply: T, index: number) => void,
): Promise<void> {
  const leaveAfter = ending === "break" ? random.below(due) : -1;
  const isSlow = random.oneIn(20);
  let count = 0;
  try {
    for await (const reply of replies) {
      verify(reply, count);
      if (count++ === leaveAfter) return;
      if (isSlow) await turns(1);
    }
  } catch (error) {
    if (error instanceof TtrpcError && error.rawMessage === failure.message) {
      expectEqual("the number of replies before the failure", count, due);
    }
    throw error;
  }
  expectEqual("the number of replies", count, due);
}
