import { assertStringIncludes } from "@std/assert";
import { chart } from "../../bench/peers/report/chart.ts";
import { report } from "../../bench/peers/report/report.ts";
import { speedSection } from "../../bench/peers/report/speed_section.ts";
import type { Result } from "../../bench/peers/result.ts";

const result: Result = JSON.parse(await read("bench/results/peers.json"));

const MADE: [file: string, text: string][] = [
  ["README.md", speedSection(result)],
  ["bench/results/peers.md", report(result)],
  ["bench/results/peers.svg", chart(result)],
];

for (const [file, text] of MADE) {
  Deno.test(`${file} has the figures of bench/results/peers.json and no others`, async () => {
    assertStringIncludes(withoutLayout(await read(file)), withoutLayout(text));
  });
}

function read(file: string): Promise<string> {
  return Deno.readTextFile(new URL(`../../${file}`, import.meta.url));
}

/** Tables are filled up and lines wrapped by `deno fmt`. */
function withoutLayout(text: string): string {
  return text.replace(/-+/g, "-").replace(/\s+/g, " ").trim();
}
