import { assertEquals } from "@std/assert";
import { formatNumber } from "../../bench/peers/report/number.ts";

const NUMBERS: [value: number, text: string][] = [
  [0, "0.00"],
  [0.326, "0.33"],
  [1, "1.00"],
  [9.999, "10.00"],
  [42.25, "42.3"],
  [-42.25, "-42.3"],
  [640.4, "640"],
  [1_234, "1 230"],
  [1_234_567, "1 230 000"],
];

Deno.test("formatNumber() keeps three digits, and two decimals at most", () => {
  for (const [value, text] of NUMBERS) assertEquals(formatNumber(value), text);
});
