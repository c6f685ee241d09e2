import { makeBidiCall } from "./bidi_call.ts";
import type { CallKind } from "./call_plan.ts";
import { makeClientStreamCall } from "./client_stream_call.ts";
import type { PlannedCall } from "./planned_call.ts";
import { turns } from "../waiting.ts";
import { makeServerStreamCall } from "./server_stream_call.ts";
import { makeUnaryCall } from "./unary_call.ts";

/** Why a call is given up. */
export const ABORT_REASON = new Error("Nobody waits any more");

const MAKERS: Record<CallKind, (call: PlannedCall) => Promise<void>> = {
  "unary": makeUnaryCall,
  "server stream": makeServerStreamCall,
  "client stream": makeClientStreamCall,
  "bidi": makeBidiCall,
};

/**
 * Makes a call, and holds what comes against what must.
 *
 * @throws {WrongAnswer} If that is something else.
 * @throws {TtrpcError} If the call fails, or is given up.
 */
export async function makeCall(call: Omit<PlannedCall, "options">): Promise<void> {
  const { kind, ending, metadata, timeoutMs, abortTurns } = call.plan;
  const controller = new AbortController();
  const isAborted = ending === "signal";
  const options = { metadata, timeoutMs, ...(isAborted && { signal: controller.signal }) };
  if (isAborted && abortTurns === 0) controller.abort(ABORT_REASON);
  const outcome = MAKERS[kind]({ ...call, options });
  if (!isAborted) return await outcome;
  const abort = turns(abortTurns).then(() => controller.abort(ABORT_REASON));
  await Promise.all([outcome, abort]);
}
