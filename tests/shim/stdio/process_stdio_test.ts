import { assertEquals, assertRejects } from "@std/assert";
import { ProcessStdio } from "../../../src/shim/stdio/process_stdio.ts";
import { planStdio, type StdioOptions } from "../../../src/shim/stdio/stdio.ts";
import { TempFolder } from "../../net/temp_folder.ts";
import { runToEnd } from "../../run_to_end.ts";

/** Opens fifos as a shim does: copies what it reads to both outputs. */
async function copyAll({ fields }: ProcessStdio): Promise<void> {
  await runToEnd("sh", ["-c", 'tee "$1" <"$0" >"$2"', fields.stdin, fields.stdout, fields.stderr]);
}

Deno.test("ProcessStdio pipes every byte both ways, and leaves no fifo", async () => {
  const stdio = await ProcessStdio.open(planStdio({ stdin: "piped", stdout: "piped", stderr: "piped" }));
  const bytes = crypto.getRandomValues(new Uint8Array(65_536));
  const copying = copyAll(stdio);
  const writer = stdio.stdin?.getWriter();
  const outputs = [new Response(stdio.stdout).bytes(), new Response(stdio.stderr).bytes()];
  for (let i = 0; i < 20; i++) await writer?.write(bytes);
  await writer?.close();
  await stdio.inputEnded;
  for (const output of await Promise.all(outputs)) {
    assertEquals(output.length, 20 * bytes.length);
    for (let i = 0; i < 20; i++) {
      assertEquals(output.subarray(i * bytes.length, (i + 1) * bytes.length), bytes);
    }
  }
  await copying;
  await stdio.release();
  await assertRejects(() => Deno.lstat(stdio.fields.stdout), Deno.errors.NotFound);
});

Deno.test("ProcessStdio.release() ends what waits for a process that never came", async () => {
  const stdio = await ProcessStdio.open(planStdio({ stdin: "piped", stdout: "piped", stderr: "inherit" }));
  const text = new Response(stdio.stdout).text();
  await stdio.release();
  await stdio.release();
  assertEquals(await text, "");
  await assertRejects(() => Deno.lstat(stdio.fields.stdin), Deno.errors.NotFound);
});

Deno.test("ProcessStdio leaves Deno's threads alone, however many fifos wait", async () => {
  const plan = planStdio({ stdin: "piped", stdout: "piped", stderr: "piped" });
  const all = await Promise.all(Array.from({ length: 16 }, () => ProcessStdio.open(plan)));
  // Opened by Deno itself, these 48 would take all the threads there are for files.
  assertEquals((await Deno.stat("/")).isDirectory, true);
  await Promise.all(all.map((stdio) => stdio.release()));
});

Deno.test("ProcessStdio.discardOutput() takes the place of readers that read no more", async () => {
  const stdio = await ProcessStdio.open(planStdio({ stdout: "piped", stderr: "piped" }));
  const script = 'head -c 1000000 /dev/zero >"$0"; echo done >"$1"';
  const writing = runToEnd("sh", ["-c", script, stdio.fields.stdout, stdio.fields.stderr]);
  await stdio.discardOutput();
  await writing;
  await stdio.release();
});

Deno.test("ProcessStdio gives files by their whole names, and makes those that are written", async () => {
  using folder = new TempFolder();
  Deno.writeTextFileSync(folder.file("in"), "x");
  Deno.writeTextFileSync(folder.file("out"), "kept");
  const plan = planStdio({
    stdin: folder.file("./in"),
    stdout: folder.file("out"),
    stderr: folder.file("err"),
  });
  const { fields } = await ProcessStdio.open(plan);
  const [stdin, stdout, stderr] = ["in", "out", "err"].map((name) => folder.file(name));
  assertEquals(fields, { stdin, stdout, stderr, terminal: false } as typeof fields);
  assertEquals([Deno.readTextFileSync(folder.file("out")), folder.names()], ["kept", ["err", "in", "out"]]);
});

Deno.test("ProcessStdio names /dev/null beside a stream, and hands URIs on", async () => {
  const names = async (options: Parameters<typeof planStdio>[0]) => {
    const stdio = await ProcessStdio.open(planStdio(options));
    await stdio.release();
    const { stdin, stdout, stderr } = stdio.fields;
    return [stdin, stdout, stderr].map((name) => name.replace(/^.*\/ttrpc-stdio-[^/]*\//, "fifo "));
  };
  assertEquals(await names({}), ["", "", ""]);
  assertEquals(await names({ stdin: "piped" }), ["fifo stdin", "/dev/null", "/./dev/null"]);
  assertEquals(await names({ stdout: "piped" }), ["", "fifo stdout", "/dev/null"]);
  assertEquals(await names({ stderr: "piped" }), ["", "/dev/null", "fifo stderr"]);
  assertEquals(await names({ stdout: "piped", terminal: true }), ["", "fifo stdout", ""]);
  assertEquals(await names({ terminal: true }), ["", "/dev/null", ""]);
  const binary = "binary:///usr/bin/log?a=b";
  assertEquals(await names({ stdout: binary, stderr: binary }), ["", binary, binary]);
});

Deno.test("ProcessStdio gives a file for both outputs two names, so that a shim opens it twice", async () => {
  using folder = new TempFolder();
  const out = folder.file("out");
  const { fields } = await ProcessStdio.open(planStdio({ stdout: out, stderr: out }));
  assertEquals([fields.stdout, fields.stderr === out, Deno.realPathSync(fields.stderr)], [out, false, out]);
});

Deno.test("ProcessStdio.open() says which file is not there, or can't be made", async () => {
  const absent: [StdioOptions, message: string][] = [
    [{ stdin: "/nowhere/in", stdout: "piped" }, "Cannot read /nowhere/in as stdin"],
    [{ stdout: "/nowhere/out" }, "Cannot write output to /nowhere/out"],
  ];
  for (const [options, message] of absent) {
    await assertRejects(() => ProcessStdio.open(planStdio(options)), TypeError, message);
  }
});

Deno.test("ProcessStdio leaves a fifo that is given as a file to whoever reads it", async () => {
  using folder = new TempFolder();
  await runToEnd("mkfifo", [folder.file("out")]);
  // Nobody reads it so far.
  const { fields } = await ProcessStdio.open(planStdio({ stdout: folder.file("out"), stderr: "null" }));
  assertEquals(fields.stdout, folder.file("out"));
});
