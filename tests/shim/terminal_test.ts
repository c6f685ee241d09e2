import { assertEquals } from "@std/assert";
import type { Process } from "../../src/shim/mod.ts";
import { linesOf } from "../lines.ts";
import { testWithShim } from "./host/with_shim.ts";

const PIPED = { terminal: true, stdin: "piped", stdout: "piped" } as const;

testWithShim("A task's terminal has the size that it is given, whenever that is", {
  args: ["sh", "-c", "stty -echo; stty size; read line; stty size"],
  terminal: true,
  isReal: true,
}, async ({ create }) => {
  await using task = await create(PIPED);
  assertEquals([(await task.state()).terminal, task.stderr], [true, undefined]);
  await task.resizePty({ width: 100, height: 30 });
  await task.start();
  await assertSizes(task, "30 100");
  assertEquals((await task.wait()).exitStatus, 0);
});

testWithShim("An exec's terminal has the size that it is given", {
  terminal: true,
  isReal: true,
}, async ({ create }) => {
  // Nobody has a look at the terminal of the first process.
  await using task = await create({ terminal: true });
  await task.start();
  const args = ["sh", "-c", "stty -echo; echo ready; read line; stty size"];
  await using process = await task.exec({ args, ...PIPED });
  await process.start();
  await assertSizes(process, "ready");
  assertEquals((await process.wait()).exitStatus, 0);
});

/** What the process says at first, and of a new size of its terminal. */
async function assertSizes(process: Process, first: string): Promise<void> {
  const { stdin, stdout = new ReadableStream() } = process;
  const lines = linesOf(stdout);
  assertEquals((await lines.next()).value, `${first}\r`);
  await process.resizePty({ width: 80, height: 24 });
  const writer = stdin?.getWriter();
  await writer?.write(new TextEncoder().encode("\n"));
  assertEquals((await lines.next()).value, "24 80\r");
  assertEquals((await lines.next()).done, true);
  await writer?.close();
}
