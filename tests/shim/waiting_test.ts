import { assert, assertEquals, assertRejects } from "@std/assert";
import { Code, serve, TtrpcError } from "../../mod.ts";
import { registerTask, Status, type Task } from "../../src/shim/mod.ts";
import { Makings } from "../../src/shim/task/makings.ts";
import { ContainerTask } from "../../src/shim/task/container_task.ts";
import { shimTransport } from "../../src/shim/shim_transport.ts";
import { taskClientOf } from "../../src/shim/task/task_client.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { mustSettle } from "../waiting.ts";
import { testWithShim } from "./host/with_shim.ts";

testWithShim(
  "Process.wait() can be given up, and the shim goes on as if it was not asked",
  {},
  async (test) => {
    await using task = await test.run();
    await using process = await task.exec({ args: ["sleep", "1000"] });
    await process.start();
    const [waiting, processWaiting] = [task.wait(), process.wait()];
    for (let round = 0; round < 5; round++) {
      const abort = new AbortController();
      const aborted = assertGivenUp(Code.Canceled, process.wait({ signal: abort.signal }));
      const timedOut = assertGivenUp(Code.DeadlineExceeded, task.wait({ timeoutMs: 20 }));
      assertEquals((await task.state()).status, Status.RUNNING);
      abort.abort();
      await aborted;
      assertEquals((await process.state()).status, Status.RUNNING);
      await timedOut;
      assertEquals((await test.shim.connect()).taskPid, task.pid);
    }
    await process.kill(9);
    assertEquals((await processWaiting).exitStatus, 137);
    await task.kill(9);
    assertEquals((await waiting).exitStatus, 137);
  },
);

Deno.test("Process.wait() has no deadline but one that is asked for", async () => {
  const timeouts: (number | undefined)[] = [];
  using folder = new TempFolder();
  await using server = await serve({
    address: `unix://${folder.file("shim.sock")}`,
    routes: (router) =>
      registerTask(router, {
        wait(_request, { timeoutMs }) {
          timeouts.push(timeoutMs);
          return {};
        },
      }),
  });
  await using transport = shimTransport(server.address, "default");
  const task: Task = new ContainerTask(taskClientOf(3, transport), new Makings(), "c1");
  await task.wait();
  await task.wait({ timeoutMs: 60_000 });
  const [first, second = 0] = timeouts;
  assert(first === undefined && second > 0 && second <= 60_000);
});

/** Whoever waits no longer is told at once. */
async function assertGivenUp(code: Code, call: Promise<unknown>): Promise<void> {
  const error = await assertRejects(() => mustSettle("waiting is given up", call), TtrpcError);
  assertEquals(error.code, code);
}
