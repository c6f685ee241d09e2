import { assertEquals } from "@std/assert";
import { resolveServeOptions } from "../../src/server/serve_connection.ts";

const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

const UNITS: Record<string, number> = { MiB: 1_048_576, s: 1_000 };

/** The limits of README's table that have a number, each with it. */
const limits = [...readme.matchAll(/^\| `(\w+)` +\| ([\d ]*\d) ?(MiB|s)? +\|/gm)]
  .map((
    [, name = "", number = "", unit = ""],
  ) => [name, Number(number.replace(" ", "")) * (UNITS[unit] ?? 1)]);

Deno.test("README's table of limits gives the defaults", () => {
  const { interceptors: _, onError: __, outOfOrderIds: ___, ...defaults } = resolveServeOptions({});
  assertEquals(Object.fromEntries(limits), defaults);
});
