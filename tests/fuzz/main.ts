/**
 * Attacks ours with recorded sessions that were changed at random, and prints what came of it.
 *
 * `deno task fuzz [--seconds N] [--seed S] [--role client|server]` goes on for ten seconds, with a seed by
 * chance, against both sides. `deno task fuzz --case FILE` runs one case, as a failure has printed it.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { fuzz, runCase } from "./fuzz.ts";
import { parseCase, type Role } from "./fuzz_case.ts";
import { randomSeed } from "../random.ts";

const ROLES: Record<string, readonly [Role, ...Role[]]> = {
  both: ["client", "server"],
  client: ["client"],
  server: ["server"],
};

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    seed: { type: "string", default: String(randomSeed()) },
    role: { type: "string", default: "both" },
    case: { type: "string" },
  },
});
const roles = ROLES[values.role];
const seconds = Number(values.seconds);
const seed = Number(values.seed);
if (roles === undefined) throw new TypeError(`Cannot fuzz ${values.role}: give client or server`);
if (!(seconds > 0)) throw new RangeError(`Cannot fuzz for ${values.seconds} seconds: give more than 0`);
if (!(seed >= 1 && seed < 2 ** 32)) throw new RangeError(`Cannot use seed ${values.seed}: give 1 to 2^32-1`);
if (values.case === undefined) {
  console.log(await fuzz({ seconds, seed, roles }));
} else {
  await runCase(parseCase(await Deno.readTextFile(values.case)));
  console.log("The case breaks nothing");
}
