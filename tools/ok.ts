/**
 * Everything that must be green before a commit, one step after the other.
 *
 * With `--ci` the interop tests are run a second time with protobuf-es alone, the output of the tests is shown
 * as it comes, and the last line counts tests and other steps: `N passed, N failed`.
 *
 * @module
 */

import { ROOT } from "./project.ts";
import { runDeno, type RunDenoResult } from "./run_deno.ts";
import { countAll, parseTestSummary, type TestRun } from "./test_summary.ts";

const CHECKED = ["mod.ts", "src", "tests", "bench", "examples", "tools", "gen"];

/** Each step's arguments of `deno`. */
const STEPS = {
  "fmt": ["fmt", "--check"],
  "lint": ["lint"],
  "check": ["check", ...CHECKED.filter(isThere)],
  "doc lint": ["run", "-A", "tools/doc_lint.ts"],
  "test": ["task", "--quiet", "test"],
  "bench": ["task", "--quiet", "bench:short"],
  "bench peers": ["task", "--quiet", "bench:peers", "--short", "--sides", "ours,go,raw"],
  "publish": ["run", "-A", "tools/publish_check.ts"],
};

/** Steps of `--ci` alone: what they find is rare, and they take long. */
const CI_STEPS = {
  "interop by protobuf-es": ["task", "--quiet", "test:protobuf-es"],
};

/** The steps that run tests. */
const TESTS = ["test", "interop by protobuf-es"];

function isThere(path: string): boolean {
  try {
    return Deno.statSync(new URL(path, ROOT)) !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function run(name: string, args: string[], live: boolean): Promise<RunDenoResult> {
  const start = performance.now();
  const result = await runDeno(args, live ? { onOutput: writeAll } : {});
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${result.success ? "ok" : "FAILED"}  ${name}  ${seconds} s`);
  if (!result.success && !live) console.log(result.output.trimEnd());
  return result;
}

function writeAll(chunk: Uint8Array): void {
  for (let rest = chunk; rest.length > 0;) rest = rest.subarray(Deno.stdout.writeSync(rest));
}

if (import.meta.main) {
  const ci = Deno.args.includes("--ci");
  const checks: boolean[] = [];
  const tests: TestRun[] = [];
  for (const [name, args] of Object.entries({ ...STEPS, ...(ci && CI_STEPS) })) {
    const isTest = TESTS.includes(name);
    const { success, stdout } = await run(name, args, ci && isTest);
    if (isTest) tests.push({ success, summary: parseTestSummary(stdout) });
    else checks.push(success);
  }
  const { failed, ignored, line } = countAll(checks, tests);
  if (ignored > 0) console.log(`${ignored} tests or steps were left out: where they are, it is said why`);
  if (ci) console.log(line);
  if (failed > 0) Deno.exit(1);
}
