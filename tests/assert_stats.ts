import { assertEquals } from "@std/assert";
import type { ConnectionStats } from "../src/connection/connection_stats.ts";

/** Holds some of the counters against what they must be. */
export function assertStats(stats: Partial<ConnectionStats>, expected: Partial<ConnectionStats>): void {
  const found = Object.entries(stats).filter(([name]) => name in expected);
  assertEquals(Object.fromEntries(found), expected);
}

type Gauge = "connections" | "openCalls" | "runningHandlers" | "queuedBytes";

/** Holds if every gauge is back at 0. */
export function assertIdle(
  { connections, openCalls, runningHandlers, queuedBytes }: Pick<ConnectionStats, Gauge>,
): void {
  assertStats({ connections, openCalls, runningHandlers, queuedBytes }, {
    connections: 0,
    openCalls: 0,
    runningHandlers: 0,
    queuedBytes: 0,
  });
}
