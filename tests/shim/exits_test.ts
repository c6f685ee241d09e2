import { assert, assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { Status } from "../../src/shim/mod.ts";
import { testWithShim } from "./host/with_shim.ts";

testWithShim("Process.wait() gives the exit code, and when that was", {
  args: ["sh", "-c", "exit 3"],
}, async ({ create }) => {
  await using task = await create();
  const startedAt = Date.now();
  await task.start();
  const exit = await task.wait();
  const { exitStatus, exitedAt } = exit;
  assertEquals(exitStatus, 3);
  assert(exitedAt !== undefined && exitedAt.getTime() >= startedAt && exitedAt.getTime() <= Date.now());
  assertEquals((await task.state()).exit, exit);
  assertEquals(await task.delete(), exit);
});

testWithShim(
  "Process.kill() sends signals by number and name, which wait() tells of",
  {},
  async ({ run }) => {
    await using task = await run();
    const signals: [signal: string | number, exitStatus: number][] = [
      [9, 137],
      ["SIGTERM", 143],
      ["hup", 129],
      ["RTMIN+1", 163],
    ];
    await Promise.all(signals.map(async ([signal, exitStatus]) => {
      await using process = await task.exec({ args: ["sleep", "1000"] });
      await process.start();
      await process.kill(signal);
      assertEquals((await process.wait()).exitStatus, exitStatus);
    }));
    await assertRejects(() => task.kill("SIGNOPE"), TypeError);
    await assertRejects(() => task.kill(65), RangeError);
    await task.kill(0);
    assertEquals((await task.state()).status, Status.RUNNING);
  },
);

testWithShim("A container's first process minds only SIGKILL, if it does nothing about signals", {
  isReal: true,
}, async ({ run }) => {
  await using task = await run();
  await using process = await task.exec({ args: ["sleep", "1000"] });
  await process.start();
  await task.kill("SIGTERM");
  assertEquals((await process.state()).status, Status.RUNNING);
  await task.kill("SIGTERM", { all: true });
  assertEquals((await process.wait()).exitStatus, 143);
  assertEquals((await task.state()).status, Status.RUNNING);
  await task.kill("SIGKILL");
  assertEquals((await task.wait()).exitStatus, 137);
});

testWithShim("A process that was never started has no time of its end", {}, async ({ run }) => {
  await using task = await run();
  const unused = await task.exec({ args: ["true"] });
  assertEquals(await unused.delete(), { exitStatus: 0, exitedAt: undefined });

  await using missing = await task.exec({ args: ["nope"] });
  const error = await assertRejects(() => missing.start(), TtrpcError, 'exec: "nope"');
  assertEquals(error.code, Code.Unknown);
  assertEquals((await missing.state()).status, Status.CREATED);
  assertEquals((await missing.wait()).exitedAt, undefined);
});
