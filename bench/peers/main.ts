/**
 * `deno task bench:peers`: measures this module beside others, two processes each, over unix sockets.
 *
 * @module
 */

import { parseCommandLine } from "./options.ts";
import { ROWS } from "./rows/mod.ts";
import { run } from "./run.ts";
import { buildAll } from "./sides/build_all.ts";
import { SIDES } from "./sides/mod.ts";

const options = parseCommandLine(Deno.args);
const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => abort.abort(new Error(`Ended by ${signal}`)));
}
const log = (line: string) => console.error(line);
const programs = await buildAll(SIDES.filter(({ name }) => options.sides.includes(name)), log);
const measurements = await run({
  rounds: options.rounds,
  rows: ROWS.filter(({ name }) => options.rows.includes(name)),
  programs,
  pace: {
    measure: options.seconds,
    warmUp: options.seconds / 4,
    start: options.short ? 0.2 : 3,
    rest: options.short ? 0.5 : 10,
  },
  signal: abort.signal,
  log,
});
for (const { name, unit, sides } of measurements.results()) {
  for (const [side, { value, clientMicros, serverMicros }] of Object.entries(sides)) {
    if (value === undefined) continue;
    const numbers = [value.median, value.min, value.max].map((number) => number.toPrecision(4));
    const cpu = [clientMicros, serverMicros].map((number) => number?.toFixed(2)).join(" + ");
    console.log(`${name.padEnd(28)} ${side.padEnd(8)} ${numbers.join("  ")} ${unit}  ${cpu} us`);
  }
}
Deno.exit();
