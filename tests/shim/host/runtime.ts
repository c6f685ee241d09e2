import { fileURLToPath } from "node:url";
import { makeBundle } from "./bundle.ts";
import { findObstacle } from "./requirements.ts";

/** What shims run containers with. */
export interface Runtime {
  /** Whether a container is one; if not it is a process of the host, and has nothing that only containers have. */
  readonly isReal: boolean;
  /** `binary_name` for runc's Options. */
  readonly binaryName: string;
}

/** Debian's runc. */
const RUNC: Runtime = { isReal: true, binaryName: "" };

/** A script that stands in for runc, and needs no privilege. */
export const FAKE_RUNTIME: Runtime = {
  isReal: false,
  binaryName: fileURLToPath(new URL("fake_runtime/fakerunc", import.meta.url)),
};

/** What this machine allows. */
export const runtime: Runtime = await findRuntime();

/** A test that needs real containers; without them it is ignored. */
export function testContainers(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: !runtime.isReal, fn: run });
}

async function findRuntime(): Promise<Runtime> {
  const obstacle = await findObstacle();
  // What is missing is no excuse there: the tests fail.
  if (obstacle !== undefined && Deno.env.get("CI")) return RUNC;
  const why = obstacle ?? await tryContainer();
  if (why === undefined) return RUNC;
  // A name is printed where output is not, as with `--quiet`.
  Deno.test.ignore(`Tests with real containers: ${why}`, () => {});
  return FAKE_RUNTIME;
}

/** Runs a container, and gives what is said against it. */
async function tryContainer(): Promise<string | undefined> {
  await using bundle = await makeBundle({ args: ["true"] });
  const args = ["run", "--bundle", bundle.path, bundle.id];
  const { success, stderr } = await new Deno.Command("runc", { args, stdin: "null" }).output();
  if (success) return undefined;
  const log = new TextDecoder().decode(stderr);
  const [, why = log] = /msg="(.*)"/.exec(log) ?? [];
  return `this machine allows none (${why}), so that others get a stand-in`;
}
