/**
 * `deno task bench:readme`: writes README's section about speed from the last run's results.
 *
 * @module
 */

import { replaceSpeedSection, speedSection } from "./report/speed_section.ts";
import type { Result } from "./result.ts";
import { pathOf } from "./sides/path.ts";
import { runTool } from "./sides/run_tool.ts";

const readme = pathOf("../../README.md");
const result: Result = JSON.parse(await Deno.readTextFile(pathOf("../results/peers.json")));
const text = await Deno.readTextFile(readme);
await Deno.writeTextFile(readme, replaceSpeedSection(text, speedSection(result)));
await runTool(Deno.execPath(), ["fmt", "--quiet", readme]);
