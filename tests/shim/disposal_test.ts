import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Process, startShim, Status } from "../../src/shim/mod.ts";
import { onScene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";
import { findUnixSockets } from "./host/unix_sockets.ts";
import { type ShimTest, testWithShim } from "./host/with_shim.ts";
import { wordsOf } from "./host/marks.ts";

/** In which ways containers may be when their shim is disposed of. */
const WAYS: Record<string, (test: ShimTest) => Promise<unknown>> = {
  "that was created": ({ create }) => create(),
  "that runs, with execs": async ({ run }) => {
    const task = await run();
    const exec = () =>
      task.exec({ args: ["sleep", "1000"], stdin: "piped", stdout: "piped", stderr: "null" });
    const [running] = [await exec(), await exec()];
    await running.start();
  },
  "whose process has ended": async ({ run }) => {
    const task = await run({ stdout: "piped" });
    await task.kill(9);
    await task.wait();
  },
  "that was deleted": async ({ run }) => {
    const task = await run({ stdin: "piped", stdout: "piped" });
    await task.kill(9);
    await task.wait();
    await task.delete();
    // Until it was read, it is there.
    await task.stdout?.cancel();
  },
};

for (const [how, make] of Object.entries(WAYS)) {
  testWithShim(`A shim's end is that of a container ${how}`, {}, async (test) => void await make(test));
}

testWithShim("A shim's end is that of a container that is paused", { isReal: true }, async ({ run }) => {
  const task = await run({ stdout: "piped" });
  await task.pause();
});

testWithShim(
  "A task's end is that of its container, and the shim lives on",
  {},
  async ({ shim, create, run }) => {
    let process: Process;
    {
      await using task = await run();
      process = await task.exec({ args: ["sleep", "1000"], stdout: "piped" });
      await process.start();
      await Promise.all([process[Symbol.asyncDispose](), process[Symbol.asyncDispose]()]);
      assertEquals((await task.state()).status, Status.RUNNING);
      assertEquals(task.pid, (await shim.connect()).taskPid);
    }
    assertEquals((await shim.connect()).taskPid, 0);
    const task = await create();
    await task[Symbol.asyncDispose]();
    await task[Symbol.asyncDispose]();
    await process[Symbol.asyncDispose]();
    assertEquals((await shim.connect()).taskPid, 0);
    await shim[Symbol.asyncDispose]();
  },
);

testWithShim(
  "A closed shim lives on; the end of its tasks is still that of their containers",
  {},
  async (test) => {
    const { shim, bundle, program } = test;
    {
      await using _task = await test.run({ stdout: "piped" });
      await shim.close();
      await shim.close();
      await assertRejects(() => shim.connect());
    }
    await using again = await startShim({ id: bundle.id, bundle: bundle.path, path: program.path });
    assertEquals(await again.connect(), { shimPid: shim.pid, taskPid: 0, version: "" });
    assertEquals(again.isOwned, false);
    await again.shutdown();
  },
);

testWithShim(
  "A shim that debugs leaves no more than others",
  { debug: true },
  async ({ shim, bundle, run }) => {
    await run();
    const sockets = new Set(findUnixSockets(wordsOf(bundle.marks)));
    // From containerd 2.0 on, a profiler listens as well.
    assertEquals(sockets.size, shim.taskVersion === 2 ? 1 : 2);
    assert((await Deno.readTextFile(`${bundle.path}/log`)).includes("level=debug"));
  },
);

shims.test("Whatever is thrown, nothing is left", async (program) => {
  await onScene(program, {}, async ({ start, create }) => {
    const fail = async () => {
      await using shim = await start({ events: true });
      await using task = await create(shim, { stdin: "piped", stdout: "piped", stderr: "piped" });
      await task.start();
      await using process = await task.exec({ args: ["cat"], stdin: "piped", stdout: "piped" });
      await process.start();
      throw new RangeError("thrown on the way");
    };
    await assertRejects(fail, RangeError, "thrown on the way");
  });
});
