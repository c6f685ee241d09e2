// What is given up, or disposed of, at any point on its way.
import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { mustSettle, turns } from "../waiting.ts";
import { isThere } from "./host/files.ts";
import { onScene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";

/** After so many turns of the event loop something is given up: some early, some late, some never. */
const TURNS = [0, 1, 3, 10, 30, 100, 300, 1000, 2000, 4000, 8000, 12000, 16000, 24000];

shims.test("A start that is given up at any point leaves nothing", async (program) => {
  let started = 0;
  for (const count of TURNS) {
    await onScene(program, {}, async ({ start, bundle }) => {
      const abort = new AbortController();
      const starting = start({ signal: abort.signal, events: true, debug: true });
      await turnsOrEnd(count, starting);
      abort.abort(new Error("enough"));
      try {
        await using shim = await mustSettle("a start that is given up", starting);
        started++;
        assertEquals((await shim.connect()).taskPid, 0);
      } catch (error) {
        assertCode(error, Code.Canceled);
        assertEquals(isThere(`${bundle.path}/bootstrap.json`), false);
      }
    });
  }
  assertEquals(started < TURNS.length, true);
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
