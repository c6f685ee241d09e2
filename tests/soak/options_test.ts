import { assertEquals, assertThrows } from "@std/assert";
import { parseSoakOptions } from "./options.ts";

Deno.test("parseSoakOptions() fills in what is not given", () => {
  const { seed, ...rest } = parseSoakOptions([]);
  assertEquals(rest, { peer: "own", calls: Infinity, minutes: 1, workers: 64 });
  assertEquals(Number.isInteger(seed) && seed > 0 && seed < 2 ** 32, true);
});

Deno.test("parseSoakOptions() reads every option", () => {
  const args = ["--calls", "5", "--workers=2", "--seed", "7", "--peer", "go-client"];
  assertEquals(parseSoakOptions(args), { peer: "go-client", calls: 5, minutes: 120, workers: 2, seed: 7 });
});

for (const args of [["--calls=none"], ["--seed=0"], ["--peer=C"], ["--workers=5000"], ["--fast"], ["now"]]) {
  Deno.test(`parseSoakOptions() refuses ${args}`, () => {
    assertThrows(() => parseSoakOptions(args), TypeError);
  });
}
