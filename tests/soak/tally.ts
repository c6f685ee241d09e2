import type { CallKind } from "./call_plan.ts";

/** How a call ended, and why that was right. */
export type Outcome =
  | "answered"
  | "failed as asked"
  | "given up by signal"
  | "given up by leaving the loop"
  | "given up by its source"
  | "deadline passed"
  | "message over the limit"
  | "connection lost"
  | "server shutting down"
  | "server not there";

/** Counts by name. */
export type Counts = Record<string, number>;

/** What happened so far. */
export interface Tally {
  /** Calls that have ended. */
  calls: number;
  byKind: Counts;
  byOutcome: Counts;
  /** Calls of which the server can't have seen anything: of no other may a handler run twice. */
  notSent: number;
  /** Connections that were cut, or died with a server. */
  reconnects: number;
  /** Servers that were shut down, or ended. */
  restarts: number;
  /** Pings that were answered. */
  pings: number;
  /** What must not be, each with the number of its call. */
  wrong: string[];
}

/** Nothing yet. */
export function newTally(): Tally {
  return { calls: 0, byKind: {}, byOutcome: {}, notSent: 0, reconnects: 0, restarts: 0, pings: 0, wrong: [] };
}

/** Counts a call that has ended as it had to. */
export function countEnd(tally: Tally, kind: CallKind, outcome: Outcome): void {
  tally.calls++;
  tally.byKind[kind] = (tally.byKind[kind] ?? 0) + 1;
  tally.byOutcome[outcome] = (tally.byOutcome[outcome] ?? 0) + 1;
}
