import type { Row, Sample } from "./rows/row.ts";
import { summarize, type Summary } from "./statistics.ts";

/** What came out for a row. */
export interface RowResult extends Pick<Row, "name" | "title" | "unit" | "group"> {
  /** By the name of the side. */
  sides: Record<string, SideResult>;
}

/** What came out for a side of a row. */
export interface SideResult {
  /** Undefined if it never worked. */
  value?: Summary;
  /** CPU time for each call or message, in microseconds: the median. */
  clientMicros?: number;
  serverMicros?: number;
  /** Memory of the server afterwards, in MiB: the median. */
  serverMib?: number;
  /** Why it did not work each time. */
  failures?: string[];
}

/** Gathers what is measured. */
export class Measurements {
  readonly #rows = new Map<Row, Map<string, { samples: Sample[]; failures: string[] }>>();

  add(row: Row, side: string, sample: Sample): void {
    this.#of(row, side).samples.push(sample);
  }

  addFailure(row: Row, side: string, why: string): void {
    this.#of(row, side).failures.push(why);
  }

  /** Sums up each row. */
  results(): RowResult[] {
    return [...this.#rows].map(([{ name, title, unit, group }, sides]) => ({
      name,
      title,
      unit,
      group,
      sides: Object.fromEntries([...sides].map(([side, { samples, failures }]) => [side, {
        value: samples.length === 0 ? undefined : summarize(samples.map(({ value }) => value)),
        clientMicros: medianOf(samples.map(({ clientMicros }) => clientMicros)),
        serverMicros: medianOf(samples.map(({ serverMicros }) => serverMicros)),
        serverMib: medianOf(samples.map(({ serverMib }) => serverMib)),
        failures: failures.length === 0 ? undefined : failures,
      }])),
    }));
  }

  #of(row: Row, side: string): { samples: Sample[]; failures: string[] } {
    const sides = this.#rows.get(row) ?? new Map();
    this.#rows.set(row, sides);
    const all = sides.get(side) ?? { samples: [], failures: [] };
    sides.set(side, all);
    return all;
  }
}

function medianOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : summarize(known).median;
}
