import { assertEquals, assertThrows } from "@std/assert";
import { CodegenError } from "../../src/codegen/codegen_error.ts";
import { compile } from "../../src/codegen/compile.ts";
import { selectFiles } from "../../src/codegen/file_selection.ts";
import { makeProject } from "./project.ts";

function proto(...imports: string[]): string {
  return ['syntax = "proto3";', ...imports.map((name) => `import "${name}";`)].join("\n");
}

const PROTOS = {
  "own/a/a.proto": proto("a/b.proto", "google/protobuf/any.proto"),
  "own/a/b.proto": proto("c.proto"),
  "own/ab/x.proto": proto(),
  "vendor/c.proto": proto(),
  "vendor/d.proto": proto("c.proto"),
};

Deno.test("selectFiles() limits to paths, with or without what is imported", async () => {
  using project = makeProject(PROTOS);
  const folders = [project.file("own"), project.file("vendor")];
  const files = await compile(folders);
  const cases: [string[], boolean, string[]][] = [
    [[], false, ["a/a.proto", "a/b.proto", "ab/x.proto", "c.proto", "d.proto"]],
    [[], true, ["a/a.proto", "a/b.proto", "ab/x.proto", "c.proto", "d.proto"]],
    [["own"], false, ["a/a.proto", "a/b.proto", "ab/x.proto"]],
    [["own/a/"], false, ["a/a.proto", "a/b.proto"]],
    [["own/a"], true, ["a/a.proto", "a/b.proto", "c.proto"]],
    [["own/a/a.proto"], true, ["a/a.proto", "a/b.proto", "c.proto"]],
    [["own/ab", "vendor/d.proto"], false, ["ab/x.proto", "d.proto"]],
  ];
  for (const [path, includeImports, expected] of cases) {
    const paths = path.map((name) => project.file(name));
    const names = selectFiles(files, { folders, path: paths, includeImports });
    assertEquals(names.toSorted(), expected, path.join());
  }
});

Deno.test("selectFiles() refuses paths in which nothing is", async () => {
  using project = makeProject(PROTOS);
  const folders = [project.file("own"), project.file("vendor")];
  const files = await compile(folders);
  const select = () => selectFiles(files, { folders, path: ["elsewhere"], includeImports: true });
  const { message } = assertThrows(select, CodegenError);
  assertEquals(message, `No .proto file of ${folders.join(", ")} is in elsewhere`);
});
