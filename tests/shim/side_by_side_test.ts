import { assertEquals } from "@std/assert";
import { startShim } from "../../src/shim/mod.ts";
import { mustSettle } from "../waiting.ts";
import { type Bundle, makeBundle } from "./host/bundle.ts";
import { assertNothingLeft, takeSnapshot } from "./host/leftovers.ts";
import { runtime } from "./host/runtime.ts";
import type { Shim as Program } from "./host/shim.ts";
import { shims } from "./host/shims.ts";

/** So many there are at a time; with the newest shim, more than Deno has threads for files. */
const countOf = ({ name }: Program) => name.endsWith(" 2.4.2") ? 50 : 8;

shims.test("Many containers with a shim each run side by side, and leave nothing", async (program) => {
  await using stack = new AsyncDisposableStack();
  const bundles: Bundle[] = [];
  for (let i = 0; i < countOf(program); i++) {
    const args = ["sh", "-c", `cat; echo err ${i} >&2; exit ${i}`];
    bundles.push(stack.use(await makeBundle({ args })));
  }
  const before = takeSnapshot({ ids: bundles.map(({ id }) => id) });
  const all = Promise.withResolvers<void>();
  let missing = bundles.length;
  const allRun = () => {
    if (--missing === 0) all.resolve();
    return all.promise;
  };
  const results = await Promise.all(bundles.map((bundle) => run(program, bundle, allRun)));
  assertEquals(results, bundles.map(({ id }, i) => [id, `err ${i}\n`, i]));
  await assertNothingLeft(before);
});

/** Runs a container to its end, and gives what comes of it; what it reads is its id. */
async function run(
  program: Program,
  { id, path }: Bundle,
  allRun: () => Promise<void>,
): Promise<[string, string, number]> {
  await using shim = await startShim({ id, bundle: path, path: program.path });
  const { binaryName } = runtime;
  await using task = await shim.create({
    runc: { binaryName },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const waiting = task.wait();
  await task.start();
  await mustSettle("all containers run", allRun());
  if (task.stdin !== undefined) await new Blob([id]).stream().pipeTo(task.stdin);
  const [stdout = "", stderr = ""] = await Promise.all(
    [task.stdout, task.stderr].map((stream) => new Response(stream).text()),
  );
  return [stdout, stderr, (await waiting).exitStatus];
}
