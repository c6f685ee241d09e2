import { assert } from "@std/assert";
import { Code } from "../../src/rpc/code.ts";
import type { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { carriedCalls, isWhole } from "./carried_calls.ts";
import type { Direction, Fault, FaultKind } from "./fault.ts";

/** The codes that each fault explains: one that takes only time explains none. */
const CODES: Record<FaultKind, Code[]> = {
  "cut": [Code.Unavailable],
  "close unread": [Code.Unavailable],
  "truncate": [Code.Unavailable],
  "stop reading": [Code.DeadlineExceeded],
  "delay": [],
  "drip": [],
};

/** What has happened on a connection. */
export interface LinkRecord {
  /** What has passed in each direction. */
  readonly passed: Record<Direction, readonly Uint8Array[]>;
  /** The fault that has struck it. */
  readonly struckBy: Fault | undefined;
}

/** Whether the failure of a call is explained. */
export type Excuse = (call: number, error: TtrpcError) => boolean;

/** Excuses calls that the fault could have touched which has struck their connection. */
export function excuseByFaults(links: readonly LinkRecord[]): Excuse {
  const connections = links.map((link) => ({ link, calls: carriedCalls(link.passed) }));
  const strikes = links.flatMap(({ struckBy }) => struckBy ?? []);
  return (id, { code, requestSent }) => {
    const carriers = connections.filter(({ calls }) => calls.has(id));
    const [carrier] = carriers;
    assert(carriers.length < 2, `call ${id} was sent ${carriers.length} times`);
    if (carrier === undefined) {
      // Nobody has seen its Request: it may have waited on any of the connections, and if none of it was sent
      // it was made again on the next one.
      const explaining = strikes.filter(({ kind }) => CODES[kind].includes(code));
      return explaining.length >= (code === Code.Unavailable && !requestSent ? 2 : 1);
    }
    const { link: { struckBy, passed }, calls } = carrier;
    const call = calls.get(id);
    if (struckBy === undefined || call === undefined || !CODES[struckBy.kind].includes(code)) return false;
    return leavesAnswers(struckBy, passed["to server"]) ? !call.isAsked : !call.isAnswered;
  };
}

/** Whether the server goes on with what it was asked: one that is left within a frame does not. */
function leavesAnswers({ kind, direction }: Fault, asked: readonly Uint8Array[]): boolean {
  if (direction === "to client") return false;
  return kind === "stop reading" || kind === "truncate" && isWhole(asked);
}
