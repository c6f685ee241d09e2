import { assertEquals, assertThrows } from "@std/assert";
import { planStdio, type StdioOptions } from "../../../src/shim/stdio/stdio.ts";

const PURE = { permissions: "none" } as const;

Deno.test("planStdio() names all streams, and none leads anywhere by itself", PURE, () => {
  const nowhere = { stdin: "null", stdout: "null", stderr: "null", terminal: false };
  assertEquals(planStdio({}), nowhere);
  assertEquals(planStdio({ stdout: "piped" }), { ...nowhere, stdout: "piped" });
  assertEquals(planStdio({ terminal: true, stdout: "/x" }), { ...nowhere, stdout: "/x", terminal: true });
});

Deno.test("planStdio() refuses what a shim can't do, or dies of", PURE, () => {
  const refused: [StdioOptions, string][] = [
    [{ terminal: true, stdout: "piped", stderr: "piped" }, "a terminal has no stderr of its own"],
    [{ terminal: true, stdout: "file:///tmp/x" }, "give the path"],
    [{ stdout: "file:///tmp/x" }, "give it twice"],
    [{ stderr: "file:///tmp/x" }, "give it twice"],
    [{ stdout: "file:///tmp/x", stderr: "file:///tmp/y" }, "give it twice"],
    [{ stdout: "binary:///usr/bin/log", stderr: "piped" }, "give it twice"],
  ];
  for (const [options, message] of refused) assertThrows(() => planStdio(options), TypeError, message);
  planStdio({ stdout: "file:///tmp/x", stderr: "file:///tmp/x" });
});
