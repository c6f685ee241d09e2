import type { ConnectionStats } from "../../src/connection/connection_stats.ts";
import { linesOf } from "../lines.ts";

/** Lets a second pass for the process, on its own clock. */
export const SECOND = "a second";

/** What a process under attack tells of itself. */
export interface VictimReport {
  /** Bytes of memory that it has now. */
  rss: number;
  /** The most that it ever had. */
  peakRss: number;
  stats: Omit<ConnectionStats, "callsByCode"> & { callsByCode: Record<number, number> };
}

/** Prints a report. */
export function report({ callsByCode, ...stats }: ConnectionStats): void {
  const report: VictimReport = {
    rss: Deno.memoryUsage().rss,
    peakRss: peakRss(),
    stats: { ...stats, callsByCode: Object.fromEntries(callsByCode) },
  };
  console.log(JSON.stringify(report));
}

/**
 * Prints a report once and for each line of stdin, until that ends.
 *
 * @param onLine Told of a line before the report.
 */
export async function reportWhenAsked(
  stats: () => ConnectionStats,
  onLine: (line: string) => void = () => {},
): Promise<void> {
  report(stats());
  for await (const line of linesOf(Deno.stdin.readable)) {
    onLine(line);
    report(stats());
  }
}

/** Not `maxRSS` of Node: that one begins with what the parent had. */
function peakRss(): number {
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status")) ?? [];
  return 1024 * Number(kibibytes);
}
