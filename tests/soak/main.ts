/**
 * `deno task soak`: makes calls of all kinds for as long as it is told, disturbs their connections, and verifies
 * every answer. Ends with exit code 1 if one was wrong.
 *
 * @module
 */

import { parseSoakOptions, type SoakOptions, USAGE } from "./options.ts";
import { runSoak } from "./run_soak.ts";

const options = readOptions();
try {
  const { wrong } = await runSoak(options, (line) => console.log(line));
  if (wrong.length > 0) fail();
} catch (error) {
  console.error(error);
  fail();
}

function fail(): never {
  console.log(`failed with seed ${options.seed}`);
  Deno.exit(1);
}

function readOptions(): SoakOptions {
  try {
    return parseSoakOptions(Deno.args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    Deno.exit(2);
  }
}
