import { assert, assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { type CgroupMetrics, Status } from "../../src/shim/mod.ts";
import { testWithShim } from "./host/with_shim.ts";

const MEBIBYTE = 1024 * 1024;

testWithShim("Task.update() limits what stats() tells of, in bigints", { isReal: true }, async ({ run }) => {
  await using task = await run();
  const unlimited = memoryOf(await task.stats());
  assert(unlimited.limit > BigInt(Number.MAX_SAFE_INTEGER));
  await task.update({ memory: { limit: 64 * MEBIBYTE } }, { annotations: { limited: "yes" } });
  const { limit, usage } = memoryOf(await task.stats());
  assertEquals(limit, BigInt(64 * MEBIBYTE));
  assert(usage > 0n && usage < limit);
});

testWithShim(
  "Task.pause() freezes a container until resume()",
  { isReal: true, events: true },
  async (test) => {
    await using task = await test.run();
    await task.pause();
    assertEquals((await task.state()).status, Status.PAUSED);
    await assertFails(() => task.pause(), "cannot pause a paused container");
    await assertFails(() => task.exec({ args: ["true"] }), "cannot exec in a paused state");
    await task.resume();
    assertEquals((await task.state()).status, Status.RUNNING);
    const topics: string[] = [];
    for await (const { topic } of test.shim.events ?? []) {
      topics.push(topic);
      if (topic === "/tasks/resumed") break;
    }
    assertEquals(topics, ["/tasks/create", "/tasks/start", "/tasks/paused", "/tasks/resumed"]);
  },
);

testWithShim(
  "Task.checkpoint() says why there is none, and the container runs on",
  { isReal: true },
  async (test) => {
    await using task = await test.run();
    const path = `${test.bundle.path}/checkpoint`;
    await assertFails(() => task.checkpoint(path), "runc did not terminate successfully");
    await assertFails(() => task.checkpoint(path, { runc: { exit: true } }), "runc did not terminate");
    assertEquals((await task.state()).status, Status.RUNNING);
  },
);

/** What version 1 and 2 of cgroups tell of memory. */
function memoryOf(metrics: CgroupMetrics | undefined): { limit: bigint; usage: bigint } {
  const { memory } = metrics ?? {};
  if (memory?.$typeName === "io.containerd.cgroups.v2.MemoryStat") {
    return { limit: memory.usageLimit, usage: memory.usage };
  }
  const { limit = 0n, usage = 0n } = memory?.usage ?? {};
  return { limit, usage };
}

async function assertFails(call: () => Promise<unknown>, message: string): Promise<void> {
  const { code } = await assertRejects(call, TtrpcError, message);
  assertEquals(code, Code.Unknown);
}
