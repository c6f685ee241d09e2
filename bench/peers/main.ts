/**
 * `deno task bench:peers`: measures this module beside others, two processes each, over unix sockets.
 *
 * @module
 */

import { describeMachine } from "./machine.ts";
import { type BenchOptions, parseCommandLine } from "./options.ts";
import { report } from "./report/report.ts";
import { writeResults } from "./report/write_results.ts";
import type { Result } from "./result.ts";
import { ROWS } from "./rows/mod.ts";
import { run } from "./run.ts";
import { buildAll } from "./sides/build_all.ts";
import { SIDES } from "./sides/mod.ts";
import { isInstalled } from "./sides/run_tool.ts";

const options = parseCommandLine(Deno.args);
const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => abort.abort(`Ended by ${signal}`));
}
try {
  const result = await measure(options);
  if (options.out !== undefined) await writeResults(result, options.out);
  console.log(report(result));
  Deno.exit(result.rows.some(({ sides }) => sides["ours"]?.failures !== undefined) ? 1 : 0);
} catch (error) {
  if (!abort.signal.aborted) throw error;
  log(abort.signal.reason);
  Deno.exit(130);
}

async function measure({ rounds, rows, sides, seconds, short }: BenchOptions): Promise<Result> {
  const chosen = SIDES.filter(({ name }) => sides.includes(name));
  const programs = await buildAll(chosen, log);
  const canPin = await isInstalled("taskset", ["--version"]);
  if (!canPin) log("Rows on one CPU are left out: there is no taskset");
  const measurements = await run({
    rounds,
    rows: ROWS.filter(({ name, group }) => rows.includes(name) && (canPin || group !== "pinned")),
    programs,
    pace: short
      ? { measure: seconds, warmUp: 0.05, start: { seconds: 0.05, done: 0 }, rest: 0.5 }
      : { measure: seconds, warmUp: seconds, start: { seconds: 1, done: 20_000 }, rest: 10 },
    signal: abort.signal,
    log,
  });
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    rounds,
    seconds,
    sides: chosen.flatMap(({ name, title }) => {
      const version = programs.get(name)?.version;
      return version === undefined ? [] : [{ name, title, version }];
    }),
    rows: measurements.results(),
  };
}

function log(line: string): void {
  console.error(line);
}
