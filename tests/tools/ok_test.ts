import { assertEquals } from "@std/assert";
import { countAll, parseTestSummary, type TestRun, type TestSummary } from "../../tools/test_summary.ts";

const SUMMARIES: [output: string, summary: TestSummary | undefined][] = [
  ["ok | 12 passed | 0 failed (5s)", { passed: 12, failed: 0, ignored: 0 }],
  ["ok | 123 passed (4 steps) | 0 failed | 2 ignored (5s)", { passed: 123, failed: 0, ignored: 2 }],
  ["ok | 8 passed (4 steps) | 0 failed | 0 ignored (1 step) (5s)", { passed: 8, failed: 0, ignored: 1 }],
  ["ok | 8 passed | 0 failed | 3 ignored (2 steps) (5s)", { passed: 8, failed: 0, ignored: 5 }],
  ["FAILED | 3 passed | 1 failed (2 steps) | 1 ignored (12ms)", { passed: 3, failed: 1, ignored: 1 }],
  ["ok | 3 passed | 0 failed | 1 measured | 4 filtered out (1m2s)", { passed: 3, failed: 0, ignored: 0 }],
  ["ok | 1 passed | 0 failed (1s)\nok | 2 passed | 0 failed (1s)\n\n", { passed: 2, failed: 0, ignored: 0 }],
  ["a test ... ok (1ms)", undefined],
  ["error: Type checking failed.", undefined],
  ["", undefined],
];

Deno.test("parseTestSummary() reads the last summary", () => {
  for (const [output, summary] of SUMMARIES) assertEquals(parseTestSummary(output), summary);
});

const RUNS: [checks: boolean[], tests: TestRun[], line: string][] = [
  [[true, true], [run(true, 10, 0, 0)], "12 passed, 0 failed"],
  [[true, false], [run(true, 10, 0, 3)], "11 passed, 1 failed"],
  [[true, true], [run(false, 8, 2, 0)], "10 passed, 2 failed"],
  [[true, true], [run(false, 8, 0, 0)], "10 passed, 1 failed"],
  [[true, false], [{ success: false }], "1 passed, 2 failed"],
  [[true], [{ success: true }], "1 passed, 1 failed"],
  [[true], [run(true, 10, 0, 0), run(true, 5, 0, 0)], "16 passed, 0 failed"],
  [[true], [run(false, 8, 2, 0), { success: false }], "9 passed, 3 failed"],
];

function run(success: boolean, passed: number, failed: number, ignored: number): TestRun {
  return { success, summary: { passed, failed, ignored } };
}

Deno.test("countAll() counts runs of tests and checks together", () => {
  for (const [checks, tests, line] of RUNS) assertEquals(countAll(checks, tests).line, line);
});

Deno.test("countAll() tells how many failed, and how many were left out", () => {
  assertEquals(countAll([true, false], [run(false, 8, 2, 0)]).failed, 3);
  const { failed, ignored } = countAll([true], [run(true, 1, 0, 1), run(true, 1, 0, 2)]);
  assertEquals([failed, ignored], [0, 3]);
});
