import { assertEquals, assertThrows } from "@std/assert";
import { summarize } from "../../bench/peers/statistics.ts";

Deno.test("summarize() gives the median, the least and the most", () => {
  assertEquals(summarize([7]), { median: 7, min: 7, max: 7 });
  assertEquals(summarize([10, 9, 1]), { median: 9, min: 1, max: 10 });
  assertEquals(summarize([4, 100, 2, 3]), { median: 3.5, min: 2, max: 100 });
  assertThrows(() => summarize([]), TypeError, "there is none");
});
