// What is given up, or disposed of, at any point on its way.
import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { attachShim } from "../../src/shim/mod.ts";
import { mustSettle, turns } from "../waiting.ts";
import { isThere } from "./host/files.ts";
import { onScene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";

/** After so many turns of the event loop something is given up: some early, some late, some never. */
const TURNS = [0, 1, 3, 10, 30, 100, 300, 1000, 2000, 4000, 8000, 12000, 16000, 24000];

shims.test("A start that is given up at any point leaves nothing", async (program) => {
  for (const count of TURNS) {
    await onScene(program, {}, async ({ start, bundle }) => {
      const abort = new AbortController();
      const starting = start({ signal: abort.signal, events: true, debug: true });
      await turnsOrEnd(count, starting);
      abort.abort(new Error("enough"));
      try {
        await using shim = await mustSettle("a start that is given up", starting);
        assertEquals((await shim.connect()).taskPid, 0);
      } catch (error) {
        assertCode(error, Code.Canceled);
        assertEquals(isThere(`${bundle.path}/bootstrap.json`), false);
      }
    });
  }
});

shims.test("A start that is given up leaves a shim alone that was running before", (program) =>
  onScene(program, {}, async ({ start }) => {
    await using shim = await start();
    for (const count of [0, 5, 20, 80]) {
      const abort = new AbortController();
      const starting = start({ signal: abort.signal });
      await turnsOrEnd(count, starting);
      abort.abort(new Error("enough"));
      await starting.then((other) => other[Symbol.asyncDispose](), () => {});
      assertEquals((await shim.connect()).shimPid, shim.pid);
    }
  }));

shims.test("A container that is given up at any point leaves nothing", (program) =>
  onScene(program, {}, async ({ start, create }) => {
    for (const count of TURNS) {
      await using shim = await start();
      const abort = new AbortController();
      const creating = create(shim, { stdin: "piped", stdout: "piped", signal: abort.signal });
      await turnsOrEnd(count, creating);
      abort.abort();
      // It may have been made by then.
      await creating.catch((error) => assertCode(error, Code.Canceled));
    }
  }));

shims.test("A shim that is disposed of while it makes a container leaves nothing", (program) =>
  onScene(program, {}, async ({ start, create }) => {
    for (const count of TURNS) {
      const shim = await start();
      const creating = create(shim, { stdin: "piped", stdout: "piped" });
      await turnsOrEnd(count, creating);
      const disposing = Promise.resolve(shim[Symbol.asyncDispose]());
      // It may have been made by then, and is gone all the same.
      await creating.catch((error) => assertCode(error, Code.Canceled));
      await mustSettle("disposing of a shim", disposing);
      assertCode(await assertRejects(() => create(shim)), Code.Canceled);
    }
  }));

shims.test("What is made over a connection that is closed meanwhile is removed", (program) =>
  onScene(program, {}, async ({ bundle, start, create }) => {
    await using shim = await start();
    for (const count of TURNS) {
      const attached = await attachShim({ bundle: bundle.path, path: program.path });
      const creating = create(attached, { stdin: "piped", stdout: "piped" });
      await turnsOrEnd(count, creating);
      await attached.close();
      const made = await creating.catch((error) => assertCode(error, Code.Canceled));
      await made?.[Symbol.asyncDispose]();
      assertEquals((await shim.connect()).taskPid, 0);
    }
  }));

shims.test("A process whose adding is given up by the end of its connection is not added", (program) =>
  onScene(program, {}, async ({ bundle, start, create }) => {
    await using shim = await start();
    await using task = await create(shim);
    await task.start();
    for (const count of TURNS.slice(0, 8)) {
      const execId = `p${count}`;
      const attached = await attachShim({ bundle: bundle.path, path: program.path });
      const adding = attached.task().exec({ execId, args: ["true"], env: ["PATH=/bin"] });
      await turnsOrEnd(count, adding);
      await attached.close();
      const added = await adding.catch((error) => assertCode(error, Code.Canceled));
      if (added !== undefined) continue;
      const error = await assertRejects(() => shim.client.state({ id: task.id, execId }), TtrpcError);
      assertEquals(error.code, Code.NotFound);
    }
  }));

shims.test("A container's end is that of the streams of processes that were added to it", (program) =>
  onScene(program, {}, async ({ start, create }) => {
    await using shim = await start();
    const task = await create(shim);
    await task.start();
    const streams = { stdin: "piped", stdout: "piped", env: ["PATH=/bin"] } as const;
    const started = await task.exec({ args: ["sh", "-c", "echo hi; exec sleep 1000"], ...streams });
    await started.start();
    await task.exec({ args: ["sleep", "1000"], ...streams });
    await task.kill("SIGKILL", { all: true });
    await task.wait();
    await task.delete();
    assertEquals(await new Response(started.stdout).text(), "hi\n");
  }));

shims.testReal(
  "Calls end when their shim is disposed of meanwhile",
  (program) =>
    onScene(program, {}, async ({ start, create }) => {
      for (const count of [0, 2, 10, 50]) {
        const shim = await start();
        const task = await create(shim);
        await task.start();
        const added = await task.exec({ args: ["sleep", "1000"], env: ["PATH=/bin"], stdout: "piped" });
        const calls = [
          task.wait(),
          added.start(),
          added.wait(),
          task.exec({ args: ["true"], env: ["PATH=/bin"], stdout: "piped" }).then((process) =>
            process.start()
          ),
          task.pids(),
        ];
        await turns(count);
        const settled = Promise.allSettled(calls);
        await mustSettle("disposing of a shim", Promise.resolve(shim[Symbol.asyncDispose]()));
        for (const result of await mustSettle("calls of a shim that is gone", settled)) {
          if (result.status === "rejected") assertInstanceOf(result.reason, TtrpcError);
        }
        // In the wrong order, and more than once.
        await added[Symbol.asyncDispose]();
        await task[Symbol.asyncDispose]();
        await shim[Symbol.asyncDispose]();
        assertEquals(await new Response(added.stdout).text(), "");
      }
    }),
);

/** Lets a promise have some turns of the event loop, if it needs them. */
async function turnsOrEnd(count: number, promise: Promise<unknown>): Promise<void> {
  await Promise.race([turns(count), Promise.allSettled([promise])]);
}

function assertCode(error: unknown, code: Code): void {
  assertInstanceOf(error, TtrpcError);
  assertEquals(error.code, code, error.message);
}
