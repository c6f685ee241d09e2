import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { codegen, makeProject, NOTES_PROTO, runCodegen } from "./project.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** A program that uses what is generated for {@linkcode NOTES_PROTO}. */
const PROGRAM = `import { createRouterTransport } from "@ttrpc/ttrpc";
import { createNotesClient, registerNotes } from "./gen/notes_ttrpc.ts";

await using transport = createRouterTransport((router) =>
  registerNotes(router, { add: (note) => ({ text: note.text.toUpperCase(), time: note.time }) })
);
const note = await createNotesClient(transport).add({ text: "hello", time: { seconds: 5n } });
console.log(note.text, note.time?.seconds);
`;

/** The lines that a running program prints. */
async function* linesOf(output: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of output.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

Deno.test("codegen writes files that pass the type check and can be called", async () => {
  using project = makeProject({
    "proto/notes.proto": NOTES_PROTO,
    "program.ts": PROGRAM,
    "deno.json": JSON.stringify({ links: [root] }),
  });
  const { code, stdout, stderr } = await runCodegen(project, "proto", "--write");
  assertEquals([code, stderr], [0, ""]);
  // A linked package is known by its name already.
  assertEquals(stdout, "Wrote 2 of 2 files in gen\nAdded to the imports of deno.json: @bufbuild/protobuf\n");
  const program = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--check", "--quiet", "program.ts"],
    cwd: project.path,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assertEquals([decoder.decode(program.stderr), decoder.decode(program.stdout)], ["", "HELLO 5n\n"]);
});

Deno.test("codegen prints the imports that are missing, and no more once they are there", async () => {
  using project = makeProject({ "proto/notes.proto": NOTES_PROTO });
  const printed = await runCodegen(project, "proto", "--out", "src/gen");
  const [first, , ...json] = printed.stdout.split("\n");
  assertEquals(first, "Wrote 2 of 2 files in src/gen");
  const imports = {
    "@bufbuild/protobuf": config.imports["@bufbuild/protobuf"],
    "@ttrpc/ttrpc": `jsr:@ttrpc/ttrpc@^${config.version}`,
  };
  assertEquals(JSON.parse(json.join("\n")), { imports });
  assertEquals(project.names(), ["proto", "src"]);

  await runCodegen(project, "proto", "--out", "src/gen", "--write");
  assertEquals(JSON.parse(await Deno.readTextFile(project.file("deno.json"))), { imports });
  const last = await runCodegen(project, "proto", "--out", "src/gen");
  assertEquals(last.stdout, "Wrote 0 of 2 files in src/gen\n");
});

Deno.test("codegen --write adds to an import map of its own", async () => {
  using project = makeProject({
    "proto/notes.proto": NOTES_PROTO,
    "deno.json": '{ "importMap": "config/map.json" }',
    "config/map.json": '{ "imports": { "a": "./a.ts" } }',
  });
  const { stdout } = await runCodegen(project, "proto", "--write");
  assertEquals(
    stdout,
    "Wrote 2 of 2 files in gen\nAdded to the imports of config/map.json: " +
      "@bufbuild/protobuf, @bufbuild/protobuf/, @ttrpc/ttrpc, @ttrpc/ttrpc/\n",
  );
  // Deno knows all of them now.
  assertEquals((await runCodegen(project, "proto")).stdout, "Wrote 0 of 2 files in gen\n");
  assertStringIncludes(await Deno.readTextFile(project.file("config/map.json")), '"a": "./a.ts"');
});

Deno.test("codegen --write shows the imports where there is no deno.json for them", async () => {
  using project = makeProject({ "app/proto/notes.proto": NOTES_PROTO });
  using other = makeProject({});
  const out = other.file("gen");
  const { code, stdout, stderr } = await runCodegen(project, "app/proto", "--out", out, "--write");
  assertEquals([code, stdout], [1, `Wrote 2 of 2 files in ${out}\n`]);
  const [first, ...json] = stderr.split("\n");
  assertEquals(first, `No deno.json for ${out} to add "imports" to:`);
  assertEquals(Object.keys(JSON.parse(json.join("\n")).imports), ["@bufbuild/protobuf", "@ttrpc/ttrpc"]);
  assertEquals(project.names(), ["app"]);
});

Deno.test("codegen says which file it cannot use, and why", async () => {
  using project = makeProject({
    "my proto/my notes.proto": NOTES_PROTO,
    "taken": "",
    "deno.json": '{ "imports": "map.json" }',
  });
  const cases = [
    [["--out", "taken"], "Cannot write taken/my notes_pb.ts: Not a directory\n"],
    [["--write"], 'Cannot add imports to deno.json: Its "imports" are no object\n'],
  ] as const;
  for (const [args, expected] of cases) {
    const { code, stderr } = await runCodegen(project, "my proto", ...args);
    assertEquals([code, stderr], [1, expected]);
  }
  assertEquals([...Deno.readDirSync(project.file("gen"))].map(({ name }) => name).sort(), [
    "my notes_pb.ts",
    "my notes_ttrpc.ts",
  ]);
});

Deno.test("codegen removes what it generated for a proto that is gone, if told to", async () => {
  using project = makeProject({ "proto/notes.proto": NOTES_PROTO });
  await runCodegen(project, "proto", "--write");
  Deno.renameSync(project.file("proto/notes.proto"), project.file("proto/other.proto"));
  const { stdout } = await runCodegen(project, "proto", "--clean");
  assertEquals(stdout, "Wrote 2 of 2 files in gen, removed 2\n");
});

Deno.test("codegen fails with code 1 and says why", async () => {
  using project = makeProject({
    "bad/a.proto": 'syntax = "proto3";\nmessage A { Unknown b = 1; }\n',
    "empty/readme.md": "",
  });
  const cases: [string[], string][] = [
    [["bad"], "bad/a.proto:2:13:cannot find `Unknown` in this scope\n"],
    [["empty"], "No .proto file in empty\n"],
    [["missing"], "No such folder: missing\n"],
    [["missing", "--watch"], "No such folder: missing\n"],
    [["bad/a.proto"], "Not a folder: bad/a.proto\n"],
    [[], "error: missing required argument 'folder'\n"],
    [
      ["bad", "--clean", "--path", "bad/a.proto"],
      "error: option '--clean' cannot be used with option '--path <path>'\n",
    ],
    [["bad", "--uot", "x"], "error: unknown option '--uot'\n(Did you mean --out?)\n"],
  ];
  for (const [args, expected] of cases) {
    const { code, stdout, stderr } = await runCodegen(project, ...args);
    assertEquals([code, stdout, stderr], [1, "", expected]);
  }
  assertEquals(project.names(), ["bad", "empty"]);
});

Deno.test("codegen tells its options and its version", async () => {
  using project = makeProject({});
  const { code, stdout } = await runCodegen(project, "--help");
  assertEquals(code, 0);
  assertStringIncludes(stdout, "deno run -A jsr:@ttrpc/ttrpc/codegen [options] <folder...>");
  assertEquals((await runCodegen(project, "--version")).stdout, `${config.version}\n`);
});

Deno.test("codegen --watch generates after a change, survives an error, and ends with SIGINT", async () => {
  using project = makeProject({
    "proto/notes.proto": NOTES_PROTO,
    "deno.json": JSON.stringify({ imports: config.imports, links: [root] }),
  });
  await using child = codegen(project, "proto", "--watch").spawn();
  const [out, err] = [linesOf(child.stdout), linesOf(child.stderr)];
  const next = async (lines: AsyncGenerator<string>) => (await lines.next()).value;
  assertEquals(await next(out), "Wrote 2 of 2 files in gen");
  assertEquals(await next(out), "Watching proto");

  Deno.writeTextFileSync(project.file("proto/notes.proto"), `${NOTES_PROTO}message Later { Never n = 1; }`);
  assertEquals(await next(out), "Changed: proto/notes.proto");
  assertEquals(await next(err), "proto/notes.proto:6:17:cannot find `Never` in this scope");

  Deno.writeTextFileSync(project.file("proto/notes.proto"), `${NOTES_PROTO}message Later {}`);
  assertEquals(await next(out), "Changed: proto/notes.proto");
  assertEquals(await next(out), "Wrote 1 of 2 files in gen");
  assertStringIncludes(await Deno.readTextFile(project.file("gen/notes_pb.ts")), "type Later =");

  child.kill("SIGINT");
  assertEquals((await child.status).code, 0);
  assertEquals([await next(out), await next(err)], [undefined, undefined]);
});

Deno.test("codegen --watch survives a file in its way, and prints the same imports once", async () => {
  using project = makeProject({ "proto/notes.proto": NOTES_PROTO, "gen": "" });
  await using child = codegen(project, "proto", "--watch").spawn();
  const [out, err] = [linesOf(child.stdout), linesOf(child.stderr)];
  const next = async (lines: AsyncGenerator<string>) => (await lines.next()).value;
  assertEquals(await next(err), "Cannot write gen/notes_pb.ts: Not a directory");
  assertEquals(await next(out), "Watching proto");

  Deno.removeSync(project.file("gen"));
  Deno.writeTextFileSync(project.file("proto/notes.proto"), `${NOTES_PROTO}message A {}`);
  assertEquals(await next(out), "Changed: proto/notes.proto");
  assertEquals(await next(out), "Wrote 2 of 2 files in gen");
  assertEquals(await next(out), 'The files need these "imports" in deno.json; --write adds them:');
  while (await next(out) !== "}");

  Deno.writeTextFileSync(project.file("proto/notes.proto"), `${NOTES_PROTO}message B {}`);
  assertEquals(await next(out), "Changed: proto/notes.proto");
  assertEquals(await next(out), "Wrote 1 of 2 files in gen");
  Deno.writeTextFileSync(project.file("proto/notes.proto"), `${NOTES_PROTO}message C {}`);
  assertEquals(await next(out), "Changed: proto/notes.proto");

  child.kill("SIGINT");
  assertEquals(await Array.fromAsync(err), []);
  assertEquals(await Array.fromAsync(out), ["Wrote 1 of 2 files in gen"]);
});
