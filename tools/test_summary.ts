/** What the last line of `deno test` says. */
export interface TestSummary {
  /** Tests that passed. */
  passed: number;
  /** Tests that failed. */
  failed: number;
  /** Tests and steps that were left out. */
  ignored: number;
}

const SUMMARY = /^(?:ok|FAILED) \| \d+ passed .*\([^()]+\)$/gm;

/**
 * Finds the summary in what `deno test` has printed, such as
 * `ok | 12 passed (4 steps) | 0 failed | 2 ignored (5s)`.
 *
 * @param output The text, without colors.
 * @returns The last one, or nothing if there is none.
 */
export function parseTestSummary(output: string): TestSummary | undefined {
  const line = output.match(SUMMARY)?.at(-1);
  if (line === undefined) return undefined;
  const count = (word: string) => Number(new RegExp(`\\| (\\d+) ${word}\\b`).exec(line)?.[1] ?? 0);
  // A step that is left out does not show in its test.
  const ignoredSteps = Number(/\d+ ignored \((\d+) steps?\)/.exec(line)?.[1] ?? 0);
  return { passed: count("passed"), failed: count("failed"), ignored: count("ignored") + ignoredSteps };
}

/** How a run of the tests ended. */
export interface TestRun {
  /** The exit code was 0. */
  success: boolean;
  /** What its last line says, if it got that far. */
  summary?: TestSummary;
}

/** Tests and checks together. */
export interface Count {
  /** How many failed. */
  failed: number;
  /** How many tests and steps were left out. */
  ignored: number;
  /** `N passed, N failed`. */
  line: string;
}

/**
 * Counts runs of tests and some checks together. A run without a summary, or one that failed although no test
 * did, counts as one failure.
 *
 * @param checks Whether each of the checks passed.
 * @param tests The runs.
 */
export function countAll(checks: boolean[], tests: TestRun[]): Count {
  const total = { passed: 0, failed: 0, ignored: 0 };
  for (const passed of checks) total[passed ? "passed" : "failed"]++;
  for (const { success, summary } of tests) {
    const { passed, failed, ignored } = summary ?? { passed: 0, failed: 0, ignored: 0 };
    const isUntold = failed === 0 && !(success && summary);
    total.passed += passed;
    total.failed += failed + (isUntold ? 1 : 0);
    total.ignored += ignored;
  }
  const { passed, failed, ignored } = total;
  return { failed, ignored, line: `${passed} passed, ${failed} failed` };
}
