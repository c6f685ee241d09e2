import { assertEquals, assertMatch } from "@std/assert";
import { chart } from "../../bench/peers/report/chart.ts";
import { SAMPLE } from "./sample_result.ts";

Deno.test("chart() draws a bar for each side that calls, as long as its median", () => {
  const bars = [...chart(SAMPLE).matchAll(/<rect class="([\w ]+)" .*?width="([\d.]+)"/g)];
  assertEquals(bars.map(([, kind, width]) => [kind, Number(width)]), [
    ["bar ours", 220],
    ["bar", 27.2],
    ["bar ours", 220],
    ["bar", 110],
  ]);
});

Deno.test("chart() is readable on dark pages too, and escapes what it is given", () => {
  const [row, ...rows] = SAMPLE.rows;
  if (row === undefined) throw new Error("The sample has no row");
  const svg = chart({ ...SAMPLE, rows: [{ ...row, title: "a < b & c" }, ...rows] });
  assertMatch(svg, /prefers-color-scheme: dark/);
  assertMatch(svg, />a &lt; b &amp; c, calls\/s</);
});
