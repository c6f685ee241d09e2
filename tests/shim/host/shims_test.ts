import { assertEquals, assertMatch } from "@std/assert";
import { makeBundle } from "./bundle.ts";
import { assertNothingLeft, compareSnapshots, takeSnapshot } from "./leftovers.ts";
import { isMarked, wordsOf } from "./marks.ts";
import { findProcesses } from "./processes.ts";
import { shims } from "./shims.ts";
import { startByHand } from "./start_by_hand.ts";
import { TaskByHand } from "./task_by_hand.ts";
import { vanishes } from "./vanishing.ts";

shims.test("A shim says in its own format where it listens", async (shim) => {
  await using bundle = await makeBundle();
  const before = takeSnapshot(bundle.marks);
  const { version, address, protocol } = await startByHand(shim, bundle);
  assertEquals([version, protocol], [shim.taskVersion, "ttrpc"]);
  assertMatch(address, /^unix:\/\/\/run\/containerd\/s\/[0-9a-f]{64}$/);
  assertEquals(isMarked(address, wordsOf(bundle.marks)), true);
  {
    await using task = await TaskByHand.connect(shim, address);
    const { 1: pid } = await task.call("Connect", { 1: bundle.id });
    assertEquals(findProcesses([bundle.id]).map(({ pid }) => pid), [pid]);
    await task.shutDown();
  }
  await assertNothingLeft(before);
});

shims.test("A shim that was killed leaves its socket, until its bundle ends", async (shim) => {
  const bundle = await makeBundle();
  const before = takeSnapshot(bundle.marks);
  try {
    const { address } = await startByHand(shim, bundle);
    for (const { pid } of findProcesses([bundle.id])) Deno.kill(pid, "SIGKILL");
    const socket = `socket ${address.replace("unix://", "")}`;
    const left = () => compareSnapshots(before, takeSnapshot(bundle.marks));
    assertEquals(await vanishes(() => left().filter((thing) => thing !== socket)), []);
    assertEquals(left(), [socket]);
  } finally {
    await bundle[Symbol.asyncDispose]();
  }
  await assertNothingLeft(before);
});
