import { create } from "@bufbuild/protobuf";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import {
  type ShimEvent,
  type ShimEvents,
  Status,
  TaskCreateSchema,
  TaskDeleteSchema,
  TaskExecAddedSchema,
  TaskExecStartedSchema,
  TaskExitSchema,
  TaskIOSchema,
  TaskStartSchema,
  type WaitResponse,
} from "../../src/shim/mod.ts";
import { mustSettle } from "../waiting.ts";
import { findProcesses } from "./host/processes.ts";
import { vanishes } from "./host/vanishing.ts";
import { testWithShim } from "./host/with_shim.ts";

testWithShim("A container is made, started, entered, killed and deleted", {}, async (test) => {
  const { shim, bundle, program } = test;
  assertEquals([shim.id, shim.bundle, shim.namespace], [bundle.id, bundle.path, "default"]);
  assertEquals([shim.isOwned, shim.taskVersion, shim.events], [true, program.taskVersion, undefined]);
  assertEquals(await shim.connect(), { shimPid: shim.pid, taskPid: 0, version: "" });

  await using task = await test.create();
  const streams = { stdin: "", stdout: "", stderr: "", terminal: false };
  const common = { bundle: bundle.path, exit: undefined, ...streams };
  const { pid = 0 } = task;
  assert(pid > 0);
  assertEquals(await task.state(), { ...common, pid, status: Status.CREATED });
  assertEquals((await shim.connect()).taskPid, pid);
  const ended = task.wait();

  assertEquals([await task.start(), task.pid], [pid, pid]);
  assertEquals(await task.state(), { ...common, pid, status: Status.RUNNING });
  assertEquals(await task.pids(), [{ pid, execId: undefined }]);

  await using added = await task.exec({ args: ["sleep", "1000"], execId: "added" });
  assertEquals([added.id, added.execId, added.pid], [task.id, "added", undefined]);
  assertEquals(await added.state(), { ...common, pid: 0, status: Status.CREATED });
  const addedEnded = added.wait();
  const addedPid = await added.start();
  assertEquals(added.pid, addedPid);
  assertEquals(await added.state(), { ...common, pid: addedPid, status: Status.RUNNING });
  const pids = await task.pids();
  assertEquals(pids.find((process) => process.pid === addedPid), { pid: addedPid, execId: "added" });
  assertEquals(pids.length, 2);

  // It does not end while it has a container.
  await shim.shutdown();
  assertEquals((await shim.connect()).taskPid, pid);

  await added.kill("SIGKILL");
  const addedExit = await addedEnded;
  assertEquals(addedExit.exitStatus, 137);
  assertEquals(await added.state(), { ...common, pid: addedPid, status: Status.STOPPED, exit: addedExit });
  assertEquals(await added.delete(), addedExit);
  await assertGone(added.state());

  await task.kill("SIGKILL");
  const exit = await ended;
  assertEquals(exit.exitStatus, 137);
  assertEquals(await task.state(), { ...common, pid, status: Status.STOPPED, exit });
  assertEquals(await task.wait(), exit);
  assertEquals(await task.delete(), exit);
  await assertGone(task.state());
  await assertGone(task.wait());

  await shim.shutdown();
  assertEquals(await vanishes(() => findProcesses([bundle.id])), []);
  // One that is gone has done what it was asked for.
  await shim.shutdown();
});

testWithShim("Shim.events tells of all that happens, in order", { events: true }, async (test) => {
  const { shim: { events, client }, bundle } = test;
  assert(events !== undefined);
  const id = bundle.id;
  const startedAt = Date.now();
  await using task = await test.run();
  const { pid = 0 } = task;
  const added = await task.exec({ args: ["sh", "-c", "exit 4"], execId: "added" });
  const addedPid = await added.start();
  const addedEnd = endOf(await client.wait({ id, execId: "added" }));
  // A shim tells of an end while it answers further calls.
  const told = await readTo("/tasks/exit", events);
  await added.delete();
  await task.kill(9);
  const end = endOf(await client.wait({ id }));
  told.push(...await readTo("/tasks/exit", events));
  await task.delete();
  told.push(...await readTo("/tasks/delete", events));

  for (const { namespace, timestamp } of told) {
    const at = timestamp?.getTime() ?? 0;
    assertEquals([namespace, at >= startedAt && at <= Date.now()], ["default", true]);
  }
  const process = { containerId: id, pid };
  const addedProcess = { containerId: id, execId: "added", pid: addedPid };
  const io = create(TaskIOSchema);
  assertEquals(told.map(({ topic, message }) => [topic, message]), [
    ["/tasks/create", create(TaskCreateSchema, { ...process, bundle: bundle.path, io })],
    ["/tasks/start", create(TaskStartSchema, process)],
    ["/tasks/exec-added", create(TaskExecAddedSchema, { containerId: id, execId: "added" })],
    ["/tasks/exec-started", create(TaskExecStartedSchema, addedProcess)],
    ["/tasks/exit", create(TaskExitSchema, { containerId: id, id: "added", pid: addedPid, ...addedEnd })],
    ["/tasks/exit", create(TaskExitSchema, { ...process, id, ...end })],
    ["/tasks/delete", create(TaskDeleteSchema, { ...process, ...end })],
  ]);
});

/** What an event says of it, too; to the nanosecond. */
function endOf({ exitStatus, exitedAt }: WaitResponse): Pick<WaitResponse, "exitStatus" | "exitedAt"> {
  return { exitStatus, exitedAt };
}

/** The next events, up to one of a kind. */
function readTo(topic: string, events: ShimEvents): Promise<ShimEvent[]> {
  const take = async () => {
    const read: ShimEvent[] = [];
    for await (const event of events) {
      read.push(event);
      if (event.topic === topic) break;
    }
    return read;
  };
  return mustSettle(`the shim tells of ${topic}`, take());
}

async function assertGone(call: Promise<unknown>): Promise<void> {
  const { code } = await assertRejects(() => call, TtrpcError);
  assertEquals(code, Code.NotFound);
}
