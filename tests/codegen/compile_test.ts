import { assertEquals, assertRejects } from "@std/assert";
import { CodegenError } from "../../src/codegen/codegen_error.ts";
import { compile } from "../../src/codegen/compile.ts";
import { makeProject } from "./project.ts";

const EMPTY = 'syntax = "proto3";\n';

async function namesOf(folders: string[]): Promise<string[]> {
  return (await compile(folders)).map(({ name }) => name);
}

Deno.test("compile() gives files from all folders, each after its imports", async () => {
  using project = makeProject({
    "own/a/a.proto": `${EMPTY}import "z.proto"; import "google/protobuf/any.proto";`,
    "vendor/z.proto": EMPTY,
  });
  const names = await namesOf([project.file("own"), project.file("vendor")]);
  assertEquals(new Set(names), new Set(["z.proto", "google/protobuf/any.proto", "a/a.proto"]));
  assertEquals(names.at(-1), "a/a.proto");
});

Deno.test("compile() reads a folder inside another once", async () => {
  using project = makeProject({
    "proto/a.proto": `${EMPTY}import "b.proto";`,
    "proto/vendor/b.proto": EMPTY,
  });
  assertEquals(await namesOf([project.file("proto"), project.file("proto/vendor")]), ["b.proto", "a.proto"]);
});

Deno.test("compile() reads a folder given twice once, and names with spaces as they are", async () => {
  using project = makeProject({
    "my protos/my files/a b.proto": `${EMPTY}import "c d.proto";`,
    "my protos/c d.proto": EMPTY,
  });
  const folder = project.file("my protos");
  assertEquals(await namesOf([folder, `${folder}/`]), ["c d.proto", "my files/a b.proto"]);
});

Deno.test("compile() fails with file, line and column of each error", async () => {
  using project = makeProject({
    "a.proto": `${EMPTY}import "missing.proto";`,
    "b.proto": `${EMPTY}message B {\n  Unknown c = 1;\n}\n`,
  });
  const { message } = await assertRejects(() => compile([project.path]), CodegenError);
  assertEquals(message.split("\n"), [
    `${project.file("a.proto")}:2:1:imported file does not exist`,
    `${project.file("b.proto")}:3:3:cannot find \`Unknown\` in this scope`,
  ]);
});

Deno.test("compile() refuses a folder without a .proto file", async () => {
  using project = makeProject({ "proto/readme.md": "", "proto/empty/deep/readme.md": "" });
  const { message } = await assertRejects(() => compile([project.file("proto")]), CodegenError);
  assertEquals(message, `No .proto file in ${project.file("proto")}`);
});

Deno.test("compile() refuses what it cannot look into", async () => {
  using project = makeProject({ "a.proto": EMPTY });
  const folder = project.file("a.proto/deeper");
  const { message } = await assertRejects(() => compile([folder]), CodegenError);
  assertEquals(message, `Cannot read ${folder}: Not a directory`);
});

Deno.test("compile() follows links", async () => {
  using project = makeProject({ "elsewhere/a.proto": EMPTY, "proto/readme.md": "" });
  Deno.symlinkSync(project.file("elsewhere"), project.file("proto/linked"));
  assertEquals(await namesOf([project.file("proto")]), ["linked/a.proto"]);
});

Deno.test("compile() reads no configuration of buf, and fetches nothing", async () => {
  const yaml = "version: v2\ndeps: [nowhere.invalid/acme/api]\n";
  const lock = "version: v2\ndeps:\n  - name: nowhere.invalid/acme/api\n" +
    `    commit: ${"0".repeat(32)}\n    digest: b5:${"0".repeat(128)}\n`;
  using project = makeProject({
    "proto/a.proto": EMPTY,
    "proto/buf.yaml": yaml,
    "proto/buf.lock": lock,
    "buf.yaml": yaml,
    "buf.lock": lock,
  });
  assertEquals(await namesOf([project.file("proto")]), ["a.proto"]);
});
