import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { CodegenError } from "../../src/codegen/codegen_error.ts";
import { generate, type GenerateOptions } from "../../src/codegen/generate.ts";
import { makeProject, NOTES_PROTO } from "./project.ts";

const OPTIONS = { path: [], includeImports: false, opt: [], esOpt: [] };

/** Generates for one small proto. */
async function generateNotes(options: Partial<GenerateOptions>): Promise<Map<string, string>> {
  using project = makeProject({ "notes.proto": NOTES_PROTO });
  return await generate({ ...OPTIONS, folders: [project.path], ...options });
}

Deno.test("generate() writes messages and stubs in TypeScript", async () => {
  const files = await generateNotes({});
  assertEquals([...files.keys()].sort(), ["notes_pb.ts", "notes_ttrpc.ts"]);
  for (const text of files.values()) {
    assertStringIncludes(text, 'with parameter "target=ts,import_extension=ts"');
  }
});

Deno.test("generate() writes no stubs where there is no service", async () => {
  using project = makeProject({ "a.proto": 'syntax = "proto3"; message A {}' });
  assertEquals([...(await generate({ ...OPTIONS, folders: [project.path] })).keys()], ["a_pb.ts"]);
});

Deno.test("generate() replaces a default by an option with the same key, and no other", async () => {
  const files = await generateNotes({ opt: ["target=js+dts"] });
  assertEquals([...files.keys()].sort(), [
    "notes_pb.d.ts",
    "notes_pb.js",
    "notes_ttrpc.d.ts",
    "notes_ttrpc.js",
  ]);
  assertStringIncludes(
    files.get("notes_ttrpc.js") ?? "",
    'with parameter "import_extension=ts,target=js+dts"',
  );
});

Deno.test("generate() hands options on to the plugins they are for", async () => {
  const files = await generateNotes({ opt: ["ts_nocheck=true"], esOpt: ["json_types=true"] });
  const [messages = "", stubs = ""] = [files.get("notes_pb.ts"), files.get("notes_ttrpc.ts")];
  assertStringIncludes(messages, "export type NoteJson");
  assertStringIncludes(messages, 'ts_nocheck=true,json_types=true"');
  assertStringIncludes(stubs, 'ts_nocheck=true"');
});

Deno.test("generate() fails with the word of the plugin that does not know an option", async () => {
  const cases: [Partial<GenerateOptions>, string][] = [
    [{ opt: ["speed=fast"] }, 'protoc-gen-ttrpc: invalid option "speed=fast"'],
    [{ opt: ["json_types=true"] }, 'protoc-gen-ttrpc: invalid option "json_types=true"'],
    [{ esOpt: ["speed=fast"] }, 'protoc-gen-es: invalid option "speed=fast"'],
  ];
  for (const [options, expected] of cases) {
    const { message } = await assertRejects(() => generateNotes(options), CodegenError);
    assertEquals(message, expected);
  }
});
