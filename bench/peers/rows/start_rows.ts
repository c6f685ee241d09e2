import { runTool } from "../sides/run_tool.ts";
import { summarize } from "../statistics.ts";
import type { Round, Row, Sample } from "./row.ts";

const SIDES = ["ours", "raw"];
const RUNS = 10;

/** What a process costs that makes one call and ends, beside one that does nothing. */
export const START_ROWS: readonly Row[] = [
  {
    name: "one-call-time",
    title: "time of a process with one call",
    unit: "ms",
    sides: SIDES,
    group: "memory",
    measure: (round, side) =>
      measureRuns(round, side, async (run) => {
        const start = performance.now();
        await run();
        return performance.now() - start;
      }),
  },
  {
    name: "one-call-memory",
    title: "peak memory of a process with one call",
    unit: "MiB",
    sides: SIDES,
    group: "memory",
    measure: (round, side) => measureRuns(round, side, async (run) => Number(await run()) / 1024),
  },
];

/** The median of ten runs, after one that may have filled Deno's cache of compiled code. */
async function measureRuns(
  { pair, programs }: Round,
  side: string,
  measure: (run: () => Promise<string>) => Promise<number>,
): Promise<Sample> {
  const [program = "", ...args] = programs.get(side)?.once ?? [];
  const { socket } = await pair(side);
  const run = () => runTool(program, [...args, socket]);
  await run();
  const values: number[] = [];
  for (let i = 0; i < RUNS; i++) values.push(await measure(run));
  return { value: summarize(values).median };
}
