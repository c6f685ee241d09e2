// A shim that is killed at the worst of times: who waits for it is told, and nothing of its containers stays.
import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import type { Shim, Task } from "../../src/shim/mod.ts";
import { mustBecome, mustSettle } from "../waiting.ts";
import type { Bundle } from "./host/bundle.ts";
import { CGROUPS, findFiles, isThere } from "./host/files.ts";
import { onScene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";
import { vanishes } from "./host/vanishing.ts";

shims.test("A shim that is killed at once leaves nothing", (program) =>
  onScene(program, {}, async ({ start, create }) => {
    await using shim = await start();
    kill(shim);
    await assertUnavailable(create(shim));
    await assertUnavailable(shim.connect());
    // What one asked for has come about.
    await shim.shutdown();
  }));

/** How far a shim has come with a container, by what is there then. */
const STAGES: Record<string, (bundle: Bundle) => string> = {
  "before the runtime runs": ({ path }) => `${path}/runtime`,
  "while the runtime runs": ({ id }) => `/run/containerd/runc/default/${id}`,
  "after the runtime has run": ({ path }) => `${path}/init.pid`,
};

for (const [stage, fileOf] of Object.entries(STAGES)) {
  shims.testReal(
    `A shim that is killed while it makes a container, ${stage}, leaves nothing but empty cgroups`,
    (program) =>
      onScene(program, {}, async ({ bundle, start, create }) => {
        await using shim = await start();
        const creating = create(shim, { stdin: "piped", stdout: "piped", stderr: "piped" });
        const file = fileOf(bundle);
        await mustBecome(() => `there is ${file}`, () => isThere(file));
        kill(shim);
        // It may have been too fast, though it hardly ever is.
        await creating.catch(assertIsUnavailable);
        await shim[Symbol.asyncDispose]();
        // The runtime was killed as well, and nobody else knows of its cgroups.
        await vanishes(() => findFiles([bundle.id]).filter(isCgroup).filter(stays));
      }),
  );
}

shims.test("A shim that is killed once a container is made leaves nothing", (program) =>
  onScene(program, {}, async ({ start, create }) => {
    await using shim = await start();
    await using task = await create(shim, { stdin: "piped", stdout: "piped", stderr: "piped" });
    kill(shim);
    await assertUnavailable(task.start());
    assertEquals(await textOf(task), ["", ""]);
  }));

shims.test("A shim that is killed with a container that runs fails all calls, and leaves nothing", (program) =>
  onScene(program, {}, async ({ start, create }) => {
    await using shim = await start({ debug: true, events: true });
    await using task = await create(shim, { stdin: "piped", stdout: "piped", stderr: "piped" });
    await task.start();
    const waiting = [task.wait(), shim.task().wait()];
    await task.state();
    kill(shim);
    await Promise.all(waiting.map(assertUnavailable));
    await assertUnavailable(task.state());
    await assertUnavailable(task.exec({ args: ["true"] }));
    await assertUnavailable(task.delete());
  }));

shims.test("A shim that is killed with added processes leaves nothing", (program) =>
  onScene(program, {}, async ({ start, create }) => {
    await using shim = await start();
    await using task = await create(shim);
    await task.start();
    await using added = await task.exec({ args: ["true"], env: ["PATH=/bin"], stdout: "piped" });
    await using running = await task.exec({ args: ["sleep", "1000"], env: ["PATH=/bin"], stdin: "piped" });
    await running.start();
    const waiting = running.wait();
    await running.state();
    kill(shim);
    await assertUnavailable(waiting);
    await assertUnavailable(added.start());
  }));

function isCgroup(path: string): boolean {
  return path.startsWith(CGROUPS);
}

/** Removes a cgroup, if it is empty already. */
function stays(path: string): boolean {
  try {
    Deno.removeSync(path);
    return false;
  } catch {
    return true;
  }
}

/** Kills a shim with no warning. */
function kill({ pid }: Shim): void {
  Deno.kill(pid, "SIGKILL");
}

async function assertUnavailable(call: Promise<unknown>): Promise<void> {
  assertIsUnavailable(await mustSettle("a call to a dead shim", assertRejects(() => call)));
}

function assertIsUnavailable(error: unknown): void {
  assertInstanceOf(error, TtrpcError);
  assertEquals(error.code, Code.Unavailable, error.message);
}

/** What has come from a container. */
async function textOf({ stdout, stderr }: Task): Promise<string[]> {
  return await Promise.all([stdout, stderr].map((stream) => new Response(stream).text()));
}
