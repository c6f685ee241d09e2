import { Code, TtrpcError } from "../../mod.ts";
import type { CallPlan } from "./call_plan.ts";
import { ABORT_REASON } from "./make_call.ts";
import { SOURCE_ERROR } from "./sources.ts";
import type { Outcome } from "./tally.ts";
import { WrongAnswer } from "./wrong_answer.ts";

/**
 * How a call has ended that came through without an error.
 *
 * @throws {WrongAnswer} If it had to fail.
 */
export function judgeSuccess({ ending }: CallPlan): Outcome {
  if (ending === "reply" || ending === "signal") return "answered";
  if (ending === "break") return "given up by leaving the loop";
  throw new WrongAnswer(`expected the call to end with ${ending}, it succeeded`);
}

/**
 * How a call has ended that threw.
 *
 * @param mayBeLost Whether its connection was disturbed.
 * @throws {WrongAnswer} If nothing in its plan, or in what was done to its connection, leads to that error.
 */
export function judgeError(reason: unknown, plan: CallPlan, mayBeLost: boolean): Outcome {
  if (!(reason instanceof TtrpcError)) throw reason;
  const outcome = asPlanned(reason, plan) ?? (mayBeLost ? asLost(reason, plan) : undefined);
  if (outcome !== undefined) return outcome;
  const lost = mayBeLost ? ", and its connection was disturbed" : "";
  throw new WrongAnswer(
    `the call was to end with ${plan.ending}${lost}, and did with ${Deno.inspect(reason)}`,
  );
}

function asPlanned({ code, rawMessage, cause }: TtrpcError, plan: CallPlan): Outcome | undefined {
  const { ending, failure } = plan;
  switch (ending) {
    case "failure":
      return code === failure.code && rawMessage === failure.message ? "failed as asked" : undefined;
    case "signal":
      return code === Code.Canceled && cause === ABORT_REASON ? "given up by signal" : undefined;
    case "source":
      return code === Code.Canceled && cause === SOURCE_ERROR ? "given up by its source" : undefined;
    case "deadline": {
      // Go's server may say of which message it was that it came too late.
      const isDue = code === Code.DeadlineExceeded && rawMessage.endsWith("context deadline exceeded");
      return isDue ? "deadline passed" : undefined;
    }
    case "too long": {
      const isDue = code === Code.ResourceExhausted &&
        /^message length \d+ exceed maximum message size of 4194304$/.test(rawMessage);
      return isDue ? "message over the limit" : undefined;
    }
    default:
      return undefined;
  }
}

function asLost({ code, rawMessage }: TtrpcError, { ending }: CallPlan): Outcome | undefined {
  // After its deadline nothing else counts (PROTOCOL.md D5).
  if (ending === "deadline" && code === Code.DeadlineExceeded) return "deadline passed";
  if (code !== Code.Unavailable) return undefined;
  if (rawMessage === "Server is shutting down") return "server shutting down";
  if (rawMessage.startsWith("Cannot connect to ")) return "server not there";
  return /^Connection (lost: |closed by )/.test(rawMessage) ? "connection lost" : undefined;
}
