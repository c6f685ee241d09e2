import type { ConnectionStats } from "../../src/connection/connection_stats.ts";

/** What a server under attack tells of itself. */
export interface VictimReport {
  /** Bytes of memory that its process has now. */
  rss: number;
  /** The most that it ever had. */
  peakRss: number;
  stats: Omit<ConnectionStats, "callsByCode"> & { callsByCode: Record<number, number> };
}
