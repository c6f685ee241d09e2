import { assertEquals } from "@std/assert";
import { parseCommandLine } from "../../bench/peers/options.ts";
import { ROWS } from "../../bench/peers/rows/mod.ts";
import { SIDES } from "../../bench/peers/sides/mod.ts";

Deno.test("parseCommandLine() of the benches measures everything by default", () => {
  const rows = ROWS.map(({ name }) => name);
  const sides = SIDES.map(({ name }) => name);
  const rest = { rows, sides, out: undefined };
  assertEquals(parseCommandLine([]), { ...rest, rounds: 5, seconds: 1, short: false });
  assertEquals(parseCommandLine(["--short"]), { ...rest, rounds: 1, seconds: 0.1, short: true });
});

Deno.test("parseCommandLine() of the benches reads each option", () => {
  const text = "--rounds 7 --seconds 0.5 --rows upload,unary-1*d --sides go,ours --out results";
  assertEquals(parseCommandLine(text.split(" ")), {
    rounds: 7,
    seconds: 0.5,
    rows: ["unary-1-pinned", "unary-1m-pinned", "upload"],
    sides: ["ours", "go"],
    short: false,
    out: "results",
  });
});
