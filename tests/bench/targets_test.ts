import { assertEquals } from "@std/assert";
import { checkTargets } from "../../bench/peers/targets.ts";
import { ROWS } from "../../bench/peers/rows/mod.ts";
import { SAMPLE } from "./sample_result.ts";

Deno.test("checkTargets() holds medians of one run against each other", () => {
  const known = checkTargets(SAMPLE).filter(({ value }) => value !== undefined);
  assertEquals(known.map(({ title, aim, isMet }) => [title, aim, isMet]), [
    ["unary, 16 B, 64 in flight, by Go ttrpc", "≥ 4 ×", true],
    ["upload, 16 B, by Go ttrpc", "≥ 3 ×", false],
  ]);
  assertEquals(known[1]?.value, 2);
});

Deno.test("checkTargets() can tell of every target once all rows are measured", () => {
  const value = { median: 1, min: 1, max: 1 };
  const rows = ROWS.map(({ name, title, unit, group, sides }) => {
    return { name, title, unit, group, sides: Object.fromEntries(sides.map((side) => [side, { value }])) };
  });
  const unknown = checkTargets({ ...SAMPLE, rows }).filter((target) => target.value === undefined);
  assertEquals(unknown, []);
});
