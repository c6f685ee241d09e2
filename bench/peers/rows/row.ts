import type { Pair, PairOptions, WarmUp } from "../pair.ts";
import type { Programs } from "../sides/side.ts";

/** What a row's numbers are. Of rates more is better, of all else less. */
export type Unit = "calls/s" | "messages/s" | "MB/s" | "KiB" | "MiB" | "ms";

/** A table. */
export type Group = "free" | "pinned" | "options" | "growth" | "memory";

/** Something that is measured, side by side. */
export interface Row {
  /** How options and results call it. */
  readonly name: string;
  /** How tables and charts call it. */
  readonly title: string;
  readonly unit: Unit;
  /** The table that it stands in. */
  readonly group: Group;
  /** Names of the sides that it is about. */
  readonly sides: readonly string[];
  /** Measures a side once. */
  readonly measure: (round: Round, side: string) => Promise<Sample>;
}

/** One measurement. */
export interface Sample {
  value: number;
  /** CPU time of the client for each call or message, in microseconds. */
  clientMicros?: number;
  /** CPU time of the server for each call or message, in microseconds. */
  serverMicros?: number;
  /** Memory of the server afterwards. */
  serverMib?: number;
}

/** What a row needs to measure. */
export interface Round {
  readonly pace: Pace;
  /** The programs of each side, by its name. */
  readonly programs: ReadonlyMap<string, Programs>;
  /** The processes of a side, which all rows of a round share that ask for the same options. */
  pair(side: string, options?: Partial<PairOptions>): Promise<Pair>;
  /** Resolves when all has been idle for a while; only for rows at the end. */
  rest(): Promise<void>;
}

/** How much time is taken for what, in seconds. */
export interface Pace {
  /** A measurement, */
  measure: number;
  /** the same work before it, */
  warmUp: number;
  /** work of many kinds when processes start, */
  start: WarmUp;
  /** and the pause after all work, before memory is looked at. */
  rest: number;
}
