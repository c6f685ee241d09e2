import type { Pair } from "../../gen/interop/v1/interop_pb.ts";
import type { InteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { CallOptions } from "../../mod.ts";
import type { Abilities } from "./abilities.ts";
import { type CallPlan, planBytes } from "./call_plan.ts";
import { HOPS } from "./hops.ts";
import type { Payloads } from "./payloads.ts";
import { expectEqual, WrongAnswer } from "./wrong_answer.ts";

/** A call that is made now: its plan, and what it is made with. */
export interface PlannedCall {
  readonly plan: CallPlan;
  readonly client: InteropClient;
  readonly options: CallOptions;
  readonly abilities: Abilities;
  readonly payloads: Payloads;
  /** Whether the call passes the interceptors of both sides. */
  readonly isIntercepted: boolean;
}

/** A payload for a message of a call. */
export function payloadOf({ plan, abilities, payloads }: PlannedCall, index = 0): Uint8Array {
  return payloads.at(31 * plan.number + index, planBytes(plan.random, abilities));
}

/** A payload that no body has room for. */
export function payloadTooLong(): Uint8Array {
  return new Uint8Array(4_194_305);
}

/** Holds what the server has seen of a call against what was sent along. */
export function expectSeen(
  { plan, isIntercepted }: PlannedCall,
  { metadata, timeoutNano }: { metadata: Pair[]; timeoutNano: bigint },
): void {
  const sent = [...plan.metadata, ...(isIntercepted ? HOPS : [])];
  const keys = [...new Set(sent.map(([key]) => key.toLowerCase()))].sort();
  const due = keys.flatMap((wanted) => sent.filter(([key]) => key.toLowerCase() === wanted));
  const expected = due.map(([key, value]) => `${key.toLowerCase()}=${value}`);
  expectEqual("metadata", metadata.map(({ key, value }) => `${key}=${value}`).join(), expected.join());
  const { timeoutMs = 0, ending } = plan;
  const seenMs = Number(timeoutNano) / 1e6;
  // A short time may have run out before the handler looked.
  if (seenMs <= timeoutMs && (ending === "deadline" || (seenMs > 0) === (timeoutMs > 0))) return;
  throw new WrongAnswer(`expected a timeout of up to ${timeoutMs} ms, the server saw ${seenMs}`);
}
