import type { Machine } from "./machine.ts";
import type { RowResult } from "./measurements.ts";

/** All that a run came to, as it stands in `peers.json`. */
export interface Result {
  /** The day, as in 2026-11-21. */
  date: string;
  machine: Machine;
  rounds: number;
  /** How long each measurement took. */
  seconds: number;
  /** Who took part, in the order of tables and charts. */
  sides: { name: string; title: string; version: string }[];
  rows: RowResult[];
}

/** The median of a side in a row; undefined if there is none. */
export function medianOf({ rows }: Pick<Result, "rows">, row: string, side: string): number | undefined {
  return rows.find(({ name }) => name === row)?.sides[side]?.value?.median;
}
