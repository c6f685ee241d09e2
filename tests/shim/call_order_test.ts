import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { Status, type Task } from "../../src/shim/mod.ts";
import { testWithShim } from "./host/with_shim.ts";

/** What fails, and how. */
type Failures = Record<string, [call: () => Promise<unknown>, code: Code, message: string]>;

/** Calls that need a container. */
const CALLS: Record<string, (task: Task) => Promise<unknown>> = {
  state: (task) => task.state(),
  start: (task) => task.start(),
  wait: (task) => task.wait(),
  kill: (task) => task.kill(9),
  delete: (task) => task.delete(),
  exec: (task) => task.exec({ args: ["true"] }),
  pids: (task) => task.pids(),
  pause: (task) => task.pause(),
  resume: (task) => task.resume(),
  update: (task) => task.update({}),
  stats: (task) => task.stats(),
  checkpoint: (task) => task.checkpoint("/nowhere"),
  resizePty: (task) => task.resizePty({ width: 80, height: 24 }),
  closeIO: (task) => task.closeIO(),
};

testWithShim(
  "All shims say that there is no container (yet, any more)",
  {},
  async ({ shim, bundle, run }) => {
    const none = (task: Task): Failures =>
      Object.fromEntries(
        Object.entries(CALLS).map(([name, call]) => [
          `${name} of ${task.id}`,
          [() => call(task), Code.NotFound, "container not created: not found"],
        ]),
      );
    const task = shim.task();
    await assertFailures(none(task));
    await run();
    assertEquals((await task.state()).status, Status.RUNNING);
    await assertFailures(none(shim.task(`${bundle.id}-other`)));
    await task.kill(9);
    await task.wait();
    await task.delete();
    await assertFailures(none(task));
  },
);

testWithShim("All shims say the same of calls in the wrong order", {}, async (test) => {
  const { shim: { client }, bundle: { id } } = test;
  const task = await test.run();
  const exec = (execId: string) => task.exec({ args: ["sleep", "1000"], execId });
  const added = await exec("added");
  const zz = { id, execId: "zz" };
  const unknown = "process does not exist zz: not found";
  await assertFailures({
    "create twice": [() => test.create(), Code.Unknown, "container with given ID already exists"],
    "start twice": [() => task.start(), Code.Unknown, "cannot start a running process"],
    "delete while running": [() => task.delete(), Code.Unknown, "cannot delete a running process"],
    "resume while running": [() => task.resume(), Code.Unknown, "cannot resume a running process"],
    "kill with no signal": [() => client.kill({ id, signal: 999 }), Code.Unknown, "unknown error after kill"],
    "exec with an id that is taken": [() => exec("added"), Code.AlreadyExists, "id added: already exists"],
    "kill before start": [() => added.kill(9), Code.FailedPrecondition, "process not created"],
    "state of no process": [() => client.state(zz), Code.NotFound, unknown],
    "start of no process": [() => client.start(zz), Code.NotFound, unknown],
    "wait for no process": [() => client.wait(zz), Code.NotFound, unknown],
    "kill of no process": [() => client.kill({ ...zz, signal: 9 }), Code.NotFound, unknown],
    "delete of no process": [() => client.delete(zz), Code.NotFound, unknown],
  });
  // Neither a terminal nor an input is there, and nobody minds.
  await task.resizePty({ width: 80, height: 24 });
  await task.closeIO();
  assertEquals((await task.state()).status, Status.RUNNING);

  await task.kill(9);
  await task.wait();
  await assertFailures({
    "start after the end": [() => task.start(), Code.Unknown, "cannot start a stopped process"],
    "kill after the end": [() => task.kill(9), Code.NotFound, "process already finished: not found"],
    "exec after the end": [() => exec("late"), Code.Unknown, "cannot exec in a stopped state"],
    "pause after the end": [() => task.pause(), Code.Unknown, "cannot pause a stopped container"],
    "update after the end": [() => task.update({}), Code.Unknown, "cannot update a stopped container"],
  });
});

async function assertFailures(failures: Failures): Promise<void> {
  for (const [about, [call, code, message]] of Object.entries(failures)) {
    const error = await assertRejects(call, TtrpcError, undefined, about);
    assertStringIncludes(error.rawMessage, message, about);
    assertEquals([error.code, error.requestSent], [code, true], about);
  }
}
