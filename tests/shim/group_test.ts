import { assertEquals } from "@std/assert";
import { type Shim, startShim, Status, type Task } from "../../src/shim/mod.ts";
import { makeBundle } from "./host/bundle.ts";
import { freshId } from "./host/fresh_id.ts";
import { assertNothingLeft, takeSnapshot } from "./host/leftovers.ts";
import { runtime } from "./host/runtime.ts";
import { shims } from "./host/shims.ts";
import { type ShimTest, withShim } from "./host/with_shim.ts";

testPair("Containers of a group share a shim, and live and die on their own", async (first, shim) => {
  assertEquals([shim.isOwned, shim.pid, shim.address], [false, first.shim.pid, first.shim.address]);
  assertEquals([shim.id === first.shim.id, shim.events], [false, undefined]);
  await using task = await first.run();
  await using other = await create(shim);
  await other.start();
  assertEquals(await pidsOf(shim, first.shim), [other.pid, task.pid]);

  await task.kill(9);
  assertEquals((await task.wait()).exitStatus, 137);
  await task.delete();
  await assertRuns(other);
  // One has ended, so that another can be made.
  await using again = await first.run();
  await other.kill(9);
  assertEquals((await other.wait()).exitStatus, 137);
  await other.delete();
  await assertRuns(again);
});

testPair("A further shim of a group leaves all alone that it has not made", async (first, shim) => {
  await using task = await first.run();
  {
    await using _other = await create(shim);
    // Its containers end on their own.
    await shim[Symbol.asyncDispose]();
  }
  await assertRuns(task);
  assertEquals(await pidsOf(first.shim), [task.pid]);
});

testPair("A shim does not end while it has a container of somebody else", async (first, shim) => {
  await using _task = await first.run();
  await using other = await create(shim);
  await other.start();
  await first.shim[Symbol.asyncDispose]();
  await assertRuns(other);
  await other[Symbol.asyncDispose]();
  await shim.shutdown();
});

/** A test with a shim that was started for one container, and again for another of the group. */
function testPair(name: string, use: (first: ShimTest, shim: Shim) => Promise<void>): void {
  shims.test(name, async (program) => {
    const group = freshId();
    const annotations = { "io.containerd.runc.v2.group": group };
    await using bundle = await makeBundle({ annotations });
    const before = takeSnapshot(bundle.marks);
    await withShim(program, { id: group, annotations }, async (first) => {
      await using shim = await startShim({
        id: bundle.id,
        bundle: bundle.path,
        path: program.path,
        events: true,
      });
      await use(first, shim);
    });
    await assertNothingLeft(before);
  });
}

function create(shim: Shim): Promise<Task> {
  return shim.create({ runc: { binaryName: runtime.binaryName } });
}

async function pidsOf(...shims: Shim[]): Promise<number[]> {
  const answers = await Promise.all(shims.map((shim) => shim.connect()));
  return answers.map(({ taskPid }) => taskPid);
}

async function assertRuns(task: Task): Promise<void> {
  assertEquals((await task.state()).status, Status.RUNNING);
}
