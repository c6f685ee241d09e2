import { Refusal } from "./pair.ts";
import { Processes } from "./processes.ts";
import { Measurements } from "./measurements.ts";
import type { Pace, Row } from "./rows/row.ts";
import type { Programs } from "./sides/side.ts";

/** What is measured, and how. */
export interface RunOptions {
  rounds: number;
  rows: readonly Row[];
  /** The programs of each side, by its name. */
  programs: ReadonlyMap<string, Programs>;
  pace: Pace;
  /** Ends the run after the measurement that goes on. */
  signal: AbortSignal;
  /** Told how it goes. */
  log: (line: string) => void;
}

/**
 * Measures all rows in each round, and all sides of a row one after the other: in one round from the first to
 * the last, in the next from the last to the first. What fails is noted.
 */
export async function run({ rounds, rows, programs, pace, signal, log }: RunOptions): Promise<Measurements> {
  const measurements = new Measurements();
  for (let round = 0; round < rounds; round++) {
    await using processes = new Processes(programs, pace);
    for (const row of rows) {
      const sides = row.sides.filter((side) => programs.has(side));
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        signal.throwIfAborted();
        try {
          const sample = await row.measure(processes, side);
          measurements.add(row, side, sample);
          log(`${round + 1}/${rounds}  ${row.name}  ${side}  ${sample.value.toPrecision(4)} ${row.unit}`);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          measurements.addFailure(row, side, why);
          log(`${round + 1}/${rounds}  ${row.name}  ${side}  failed: ${why}`);
          if (!(error instanceof Refusal)) await processes.end(side);
        }
      }
    }
  }
  return measurements;
}
