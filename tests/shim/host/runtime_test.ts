import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { TtrpcError } from "../../../mod.ts";
import { FAKE_RUNTIME } from "./runtime.ts";
import { shims } from "./shims.ts";
import type { ProcessOptions } from "./spec.ts";
import { type ShimTest, withShim } from "./with_shim.ts";

/** What sh, awk and JSON might take for something else. */
const WORDS = `it's "so" \\n <&> $PATH {[,]} ü; # *\n\tend`;

testFake(
  "A shim runs what the bundle says, once it is started",
  { args: ["sh", "-c", 'printf %s "$0"; cat >&2; exit 3', WORDS] },
  async ({ create, bundle: { path } }) => {
    const [stdin, stdout, stderr] = [`${path}/in`, `${path}/out`, `${path}/err`];
    await Deno.writeTextFile(stdin, "from stdin\n");
    await using task = await create({ stdin, stdout, stderr });
    assertEquals(await Deno.readTextFile(stdout), "");
    const { pid } = task;
    assertEquals(await task.start(), pid);
    assertEquals((await task.wait()).exitStatus, 3);
    await task.delete();
    assertEquals(await Deno.readTextFile(stdout), WORDS);
    assertEquals(await Deno.readTextFile(stderr), "from stdin\n");
  },
);

testFake("A shim runs further processes, and ends them with the first", {}, async ({ run }) => {
  await using task = await run();
  const args = ["sh", "-c", 'printf %s "$A"; exit 4'];
  await using quick = await task.exec({ args, env: ["PATH=/bin", `A=${WORDS}`], stdout: "piped" });
  await quick.start();
  assertEquals(await new Response(quick.stdout).text(), WORDS);
  assertEquals((await quick.wait()).exitStatus, 4);

  await using slow = await task.exec({ args: ["sleep", "1000"] });
  await slow.start();
  await task.kill(9);
  assertEquals((await slow.wait()).exitStatus, 137);
  assertEquals((await task.wait()).exitStatus, 137);
});

testFake("A shim says why a program cannot be run", { args: ["nope"] }, async ({ create }) => {
  const { rawMessage } = await assertRejects(() => create(), TtrpcError);
  assertStringIncludes(rawMessage, 'exec: "nope": executable file not found in $PATH');
});

/** A test with the stand-in for runc; that runc does the same, others show. */
function testFake(name: string, options: ProcessOptions, use: (test: ShimTest) => Promise<void>): void {
  shims.test(
    `${name}, with fakerunc`,
    (program) => withShim(program, { ...options, runtime: FAKE_RUNTIME }, use),
  );
}
