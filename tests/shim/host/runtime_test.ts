import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TtrpcError } from "../../../mod.ts";
import { type Bundle, makeBundle } from "./bundle.ts";
import { encodeFields } from "./fields.ts";
import { assertNothingLeft, takeSnapshot } from "./leftovers.ts";
import { FAKE_RUNTIME, RUNC, type Runtime } from "./runtime.ts";
import type { Shim } from "./shim.ts";
import { shims } from "./shims.ts";
import { type ProcessOptions, processSpec } from "./spec.ts";
import { startByHand } from "./start_by_hand.ts";
import { TaskByHand } from "./task_by_hand.ts";

/** What sh, awk and JSON might take for something else. */
const WORDS = `it's "so" \\n <&> $PATH {[,]} ü; # *\n\tend`;

testEach(
  "A shim runs what the bundle says, once it is started",
  { args: ["sh", "-c", 'printf %s "$0"; cat >&2; exit 3', WORDS] },
  async (task, bundle, runtime) => {
    const { id, path } = bundle;
    const [stdin, stdout, stderr] = [`${path}/in`, `${path}/out`, `${path}/err`];
    await Deno.writeTextFile(stdin, "from stdin\n");
    for (const file of [stdout, stderr]) await Deno.writeTextFile(file, "");
    const { 1: pid } = await create(task, bundle, runtime, { 5: stdin, 6: stdout, 7: stderr });
    assertEquals(await Deno.readTextFile(stdout), "");
    assertEquals((await task.call("Start", { 1: id }))[1], pid);
    assertEquals((await task.call("Wait", { 1: id }))[1], 3);
    assertEquals((await task.call("Delete", { 1: id }))[1], pid);
    assertEquals(await Deno.readTextFile(stdout), WORDS);
    assertEquals(await Deno.readTextFile(stderr), "from stdin\n");
  },
);

testEach("A shim runs further processes, and ends them with the first", {}, async (task, bundle, runtime) => {
  const { id, path } = bundle;
  const out = `${path}/out`;
  await Deno.writeTextFile(out, "");
  await create(task, bundle, runtime);
  await task.call("Start", { 1: id });

  const quick = processOf({ args: ["sh", "-c", 'printf %s "$A"; exit 4'], env: { A: WORDS } });
  await task.call("Exec", { 1: id, 2: "quick", 5: out, 6: out, 7: quick });
  await task.call("Start", { 1: id, 2: "quick" });
  assertEquals((await task.call("Wait", { 1: id, 2: "quick" }))[1], 4);
  // What it wrote is whole only then.
  await task.call("Delete", { 1: id, 2: "quick" });
  assertEquals(await Deno.readTextFile(out), WORDS);

  await task.call("Exec", { 1: id, 2: "slow", 7: processOf({}) });
  await task.call("Start", { 1: id, 2: "slow" });
  await task.call("Kill", { 1: id, 3: 9 });
  assertEquals((await task.call("Wait", { 1: id, 2: "slow" }))[1], 137);
  assertEquals((await task.call("Wait", { 1: id }))[1], 137);
  await task.call("Delete", { 1: id, 2: "slow" });
  await task.call("Delete", { 1: id });
});

testEach("A shim says why a program cannot be run", { args: ["nope"] }, async (task, bundle, runtime) => {
  const { rawMessage } = await assertRejects(() => create(task, bundle, runtime), TtrpcError);
  assertStringIncludes(rawMessage, 'exec: "nope": executable file not found in $PATH');
});

/** A test with each runtime: one does as the other. */
function testEach(
  name: string,
  options: ProcessOptions,
  run: (task: TaskByHand, bundle: Bundle, runtime: Runtime) => Promise<void>,
): void {
  const testWith = (runtime: Runtime) => async (shim: Shim) => {
    await using bundle = await makeBundle(options);
    const before = takeSnapshot(bundle.marks);
    const { address } = await startByHand(shim, bundle);
    {
      await using task = await TaskByHand.connect(shim, address);
      await run(task, bundle, runtime);
      await task.shutDown();
    }
    await assertNothingLeft(before);
  };
  shims.testReal(`${name}, with runc`, testWith(RUNC));
  shims.test(`${name}, with fakerunc`, testWith(FAKE_RUNTIME));
}

/** Creates a container; the fields are those of its stdio. */
function create(
  task: TaskByHand,
  { id, path }: Bundle,
  { binaryName }: Runtime,
  stdio: Record<number, string> = {},
): Promise<Record<number, number | string>> {
  const options = anyOf("containerd.runc.v1.Options", encodeFields({ 6: binaryName }));
  return task.call("Create", { 1: id, 2: path, ...stdio, 10: options });
}

function processOf(options: ProcessOptions): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(processSpec(options)));
  return anyOf("types.containerd.io/opencontainers/runtime-spec/1/Process", json);
}

function anyOf(type: string, value: Uint8Array): Uint8Array {
  return encodeFields({ 1: type, 2: value });
}
