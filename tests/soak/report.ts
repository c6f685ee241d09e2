import type { Memory } from "./memory.ts";
import type { Counts, Tally } from "./tally.ts";

/** Where a run stands. */
export interface Sample {
  ms: number;
  calls: number;
  /** Undefined once its process has ended. */
  caller: Memory | undefined;
  server: Memory;
}

/** A line about where a run stands. */
export function formatSample({ ms, calls, caller, server }: Sample): string {
  const at = `${(ms / 1000).toFixed(0)} s`.padStart(7);
  const held = `${memory("caller", caller)}  ${memory("server", server)}`;
  return `${at}  ${whole(calls).padStart(9)} calls  ${held}`;
}

/** What came of a run. */
export function formatTally(tally: Tally, ms: number): string {
  const { calls, byKind, byOutcome, reconnects, restarts, pings, wrong } = tally;
  return [
    `${whole(calls)} calls in ${(ms / 1000).toFixed(0)} s, ${whole(calls / ms * 1000)} a second`,
    `  ${counts(byKind)}`,
    "ended",
    `  ${counts(byOutcome)}`,
    `${whole(reconnects)} reconnects, ${whole(restarts)} restarts and cuts of the server, ${
      whole(pings)
    } pings`,
    wrong.length === 0 ? "no wrong answer" : `WRONG\n  ${wrong.join("\n  ")}`,
  ].join("\n");
}

function memory(whose: string, held: Memory | undefined): string {
  if (held === undefined) return `${whose} has ended`;
  const heap = held.heapBytes === undefined ? "" : `heap ${mebibytes(held.heapBytes)} `;
  return `${whose} ${heap}rss ${mebibytes(held.rssBytes)}`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`.padStart(9);
}

function counts(counts: Counts): string {
  const most = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return most.map(([name, count]) => `${name} ${whole(count)}`).join("\n  ");
}

function whole(count: number): string {
  return Math.round(count).toLocaleString("en").replaceAll(",", " ");
}
