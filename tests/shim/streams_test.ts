import { assertEquals, assertRejects } from "@std/assert";
import { equals } from "@std/bytes";
import type { Process, StdioOptions } from "../../src/shim/mod.ts";
import { mustSettle } from "../waiting.ts";
import { isThere } from "./host/files.ts";
import { vanishes } from "./host/vanishing.ts";
import { testWithShim } from "./host/with_shim.ts";

const MEBIBYTE = 1024 * 1024;
const PIPED = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;

/** Gives back what it reads, twice. */
const TEE = ["sh", "-c", "tee /proc/self/fd/2"];

testWithShim("A piped task gets and gives 10 MiB to the byte", { args: TEE }, async ({ create }) => {
  await using task = await create(PIPED);
  await task.start();
  await assertEchoes(task, 10 * MEBIBYTE);
  assertEquals((await task.wait()).exitStatus, 0);
});

testWithShim("A piped exec gets and gives 10 MiB to the byte", {}, async ({ run }) => {
  await using task = await run();
  await using process = await task.exec({ args: TEE, ...PIPED });
  await process.start();
  await assertEchoes(process, 10 * MEBIBYTE);
  assertEquals((await process.wait()).exitStatus, 0);
});

testWithShim("An input that ends before the start is all there", { args: TEE }, async ({ create }) => {
  await using task = await create(PIPED);
  const written = assertEchoes(task, 10);
  await task.start();
  await written;
  await task.wait();
});

testWithShim("Output can be read after the process is deleted", {}, async ({ run }) => {
  await using task = await run();
  await using process = await task.exec({ args: ["seq", "1000"], stdout: "piped" });
  assertEquals([process.stdin, process.stderr], [undefined, undefined]);
  await process.start();
  await process.wait();
  await process.delete();
  const { length } = (await textOf(process.stdout)).split("\n");
  assertEquals(length, 1001);
});

testWithShim("A stream alone does, whichever it is", {}, async ({ bundle, run }) => {
  await using task = await run();
  const script = 'read line; echo "out $line"; echo "err $line" >&2';
  const exec = async (options: StdioOptions) => {
    const process = await task.exec({ args: ["sh", "-c", script], ...options });
    await process.start();
    return process;
  };
  {
    await using process = await exec({ stdout: "piped" });
    assertEquals(await textOf(process.stdout), "out \n");
  }
  {
    await using process = await exec({ stderr: "piped" });
    assertEquals(await textOf(process.stderr), "err \n");
  }
  {
    await using process = await exec({ stdin: "piped" });
    const writer = process.stdin?.getWriter();
    await writer?.write(new TextEncoder().encode("in\n"));
    assertEquals((await process.wait()).exitStatus, 0);
  }
  const [input, output] = [`${bundle.path}/in`, `${bundle.path}/out`];
  await Deno.writeTextFile(input, "from a file\n");
  await using process = await exec({ stdin: input, stdout: output, stderr: output });
  await process.wait();
  await process.delete();
  const lines = (await Deno.readTextFile(output)).split("\n").sort();
  assertEquals(lines, ["", "err from a file", "out from a file"]);
});

testWithShim("Output is appended to files, which are made if need be", {
  args: ["sh", "-c", "echo out; echo err >&2"],
}, async ({ bundle, create }) => {
  const [out, err] = [`${bundle.path}/out`, `${bundle.path}/err`];
  await Deno.writeTextFile(out, "kept\n");
  await using task = await create({ stdout: out, stderr: err });
  await task.start();
  await task.wait();
  await task.delete();
  assertEquals([await Deno.readTextFile(out), await Deno.readTextFile(err)], ["kept\nout\n", "err\n"]);

  // One that both have loses nothing of either, however short they are.
  for (let i = 0; i < 5; i++) {
    const both = `${bundle.path}/both-${i}`;
    await using task = await create({ stdout: both, stderr: both });
    await task.start();
    await task.wait();
    await task.delete();
    assertEquals((await Deno.readTextFile(both)).split("\n").sort(), ["", "err", "out"]);
  }
});

testWithShim("The shim writes both streams to one file://", {
  args: ["sh", "-c", "echo out; echo err >&2; exec sleep 1000"],
}, async ({ bundle, create }) => {
  const file = `${bundle.path}/both`;
  await using task = await create({ stdout: `file://${file}`, stderr: `file://${file}` });
  await task.start();
  // If the process ended by itself, the shim might lose the end of a stream.
  const missing = async () => {
    const lines = (await Deno.readTextFile(file)).split("\n");
    return ["out", "err"].filter((line) => !lines.includes(line));
  };
  assertEquals(await vanishes(missing), []);
});

testWithShim("A program takes both streams of binary://", {
  args: ["sh", "-c", "echo out; echo err >&2"],
}, async ({ bundle, create }) => {
  const program = `${bundle.path}/logger`;
  // Its descriptors 3 and 4 are the streams; closing 5 says that it is ready.
  const script = '#!/bin/sh\necho "$1" >"$2.key"\nexec 5>&-\ncat <&3 >"$2.out" &\ncat <&4 >"$2.err"\nwait\n';
  await Deno.writeTextFile(program, script, { mode: 0o755 });
  const uri = `binary://${program}?to=${bundle.path}/log`;
  await using task = await create({ stdout: uri, stderr: uri });
  await task.start();
  await task.wait();
  const expected = { key: "to\n", out: "out\n", err: "err\n" };
  const missing = () =>
    Object.entries(expected).filter(([name, text]) => contentOf(`${bundle.path}/log.${name}`) !== text);
  assertEquals(await vanishes(missing), []);
});

testWithShim("A process runs on to its end when its reader leaves", {
  args: ["sh", "-c", "yes | head -c 3000000; exit 3"],
}, async ({ create }) => {
  await using task = await create({ stdout: "piped" });
  await task.start();
  for await (const chunk of task.stdout ?? []) {
    assertEquals(chunk[0], 0x79);
    break;
  }
  assertEquals((await task.wait()).exitStatus, 3);
  await task.delete();
});

testWithShim("A task whose output nobody reads is disposed of", { args: ["yes"] }, async ({ create }) => {
  await using task = await create({ stdout: "piped", stderr: "piped" });
  await task.start();
  const reader = task.stdout?.getReader();
  assertEquals((await reader?.read())?.done, false);
  await using process = await task.exec({ args: ["yes"], stdout: "piped" });
  await process.start();
});

testWithShim("Writing to a process that has ended fails", { args: ["true"] }, async ({ create }) => {
  await using task = await create({ stdin: "piped" });
  await task.start();
  await task.wait();
  await task.delete();
  const writer = task.stdin?.getWriter();
  const write = async () => {
    for (;;) await writer?.write(new Uint8Array(65_536));
  };
  await assertRejects(() => mustSettle("writing fails", write()));
});

testWithShim("Streams that can't be had are refused, and nothing is made", {}, async ({ create, shim }) => {
  const wrong: [StdioOptions, message: string][] = [
    [{ stdin: "/nowhere/in" }, "Cannot read /nowhere/in as stdin"],
    [{ stdout: "/nowhere/out" }, "Cannot write output to /nowhere/out"],
    [{ stdout: "file:///nowhere/out" }, "Cannot use these standard streams"],
  ];
  for (const [options, message] of wrong) {
    await assertRejects(() => create(options), TypeError, message);
  }
  assertEquals((await shim.connect()).taskPid, 0);
});

/** Writes so many bytes, and expects them back on both outputs. */
async function assertEchoes({ stdin, stdout, stderr }: Process, length: number): Promise<void> {
  const bytes = new Uint8Array(length);
  // So much at once is all that there is to be had.
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  const writing = new Blob([bytes]).stream().pipeTo(stdin ?? new WritableStream());
  const outputs = await Promise.all([stdout, stderr].map((output) => new Response(output).bytes()));
  await writing;
  // To tell of all that differ would take long.
  assertEquals(outputs.map((output) => equals(output, bytes)), [true, true]);
}

function textOf(output: Process["stdout"]): Promise<string> {
  return new Response(output).text();
}

function contentOf(path: string): string | undefined {
  return isThere(path) ? Deno.readTextFileSync(path) : undefined;
}
