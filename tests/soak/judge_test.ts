import { assertEquals, assertThrows } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { OWN } from "./abilities.ts";
import { type CallPlan, type Ending, planCall } from "./call_plan.ts";
import { Disturbances } from "./disturbances.ts";
import { judgeError, judgeSuccess } from "./judge.ts";
import { ABORT_REASON } from "./make_call.ts";
import { WrongAnswer } from "./wrong_answer.ts";

function planOf(ending: Ending): CallPlan {
  return { ...planCall(1, 1, OWN), ending, failure: { code: Code.NotFound, message: "no such thing" } };
}

const lost = new TtrpcError("Connection lost: broken", Code.Unavailable);
const failed = new TtrpcError("no such thing", Code.NotFound);
const aborted = new TtrpcError("The call was canceled", Code.Canceled, { cause: ABORT_REASON });

Deno.test("judgeError() knows an error that was provoked", () => {
  assertEquals(judgeError(failed, planOf("failure"), false), "failed as asked");
  assertEquals(judgeError(aborted, planOf("signal"), false), "given up by signal");
  assertEquals(judgeError(lost, planOf("reply"), true), "connection lost");
});

Deno.test("judgeError() refuses an error that was not", () => {
  const wrong: [error: TtrpcError, ending: Ending, mayBeLost: boolean][] = [
    [lost, "reply", false],
    [failed, "reply", true],
    [aborted, "deadline", true],
    [new TtrpcError("no such thing", Code.Internal), "failure", false],
    [new TtrpcError("The call was canceled", Code.Canceled), "signal", false],
  ];
  for (const [error, ending, mayBeLost] of wrong) {
    assertThrows(() => judgeError(error, planOf(ending), mayBeLost), WrongAnswer);
  }
});

Deno.test("judgeSuccess() refuses a call that had to fail", () => {
  assertEquals(judgeSuccess(planOf("signal")), "answered");
  assertThrows(() => judgeSuccess(planOf("deadline")), WrongAnswer);
});

Deno.test("Disturbances allows losses until a later call was answered", () => {
  const disturbances = new Disturbances();
  const early = disturbances.before();
  assertEquals(disturbances.mayHaveLost(early), false);
  disturbances.begin();
  const during = disturbances.before();
  disturbances.end();
  const after = disturbances.before();
  assertEquals([early, during, after].map((call) => disturbances.mayHaveLost(call)), [true, true, true]);
  disturbances.answered(during);
  assertEquals(disturbances.mayHaveLost(disturbances.before()), true);
  disturbances.answered(after);
  assertEquals(disturbances.mayHaveLost(disturbances.before()), false);
});
