import { assertEquals, assertRejects } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { CodegenError } from "../../src/codegen/codegen_error.ts";
import { missingImports } from "../../src/codegen/imports.ts";
import { makeProject } from "./project.ts";

const MESSAGES = 'import { fileDesc } from "@bufbuild/protobuf/codegenv2";\n';
const STUBS = 'import { createClient } from "@ttrpc/ttrpc/stub/v1";\n';

const PROTOBUF = { "@bufbuild/protobuf": config.imports["@bufbuild/protobuf"] };
const TTRPC = { "@ttrpc/ttrpc": `jsr:@ttrpc/ttrpc@^${config.version}` };

/** What is missing in the folder `gen` of a project with some other files. */
async function missing(files: Record<string, string>, ...texts: string[]): Promise<Record<string, string>> {
  using project = makeProject({ ...files, "gen/a.ts": "" });
  return await missingImports(project.file("gen"), texts);
}

Deno.test("missingImports() names what the files import and the project does not know", async () => {
  assertEquals(await missing({}, MESSAGES, STUBS), { ...PROTOBUF, ...TTRPC });
  assertEquals(await missing({}, MESSAGES), PROTOBUF);
  assertEquals(await missing({}, 'import { a } from "npm:@bufbuild/protobuf";\n'), {});
  assertEquals(await missing({}, 'import { a } from "@bufbuild/protobuf-other";\n'), {});
});

Deno.test("missingImports() takes any way in which the project knows a package", async () => {
  const protobuf = JSON.stringify({ imports: PROTOBUF });
  const cases: [Record<string, string>, Record<string, string>][] = [
    [{ "deno.json": protobuf }, TTRPC],
    [{ "deno.jsonc": `// A comment.\n${protobuf}` }, TTRPC],
    [{ "deno.json": JSON.stringify({ imports: { ...PROTOBUF, ...TTRPC } }) }, {}],
    [{
      "deno.json": '{ "importMap": "map.json" }',
      "map.json": '{ "imports": { "@bufbuild/protobuf/": "npm:/@bufbuild/protobuf@^2.17.0/" } }',
    }, TTRPC],
    [{
      "deno.json": JSON.stringify({ workspace: ["gen"], imports: PROTOBUF }),
      "gen/deno.json": JSON.stringify({ imports: TTRPC }),
    }, {}],
    [{
      "package.json": '{ "dependencies": { "@bufbuild/protobuf": "^2.17.0" } }',
      "node_modules/@bufbuild/protobuf/package.json": '{ "name": "@bufbuild/protobuf", "main": "main.js" }',
      "node_modules/@bufbuild/protobuf/codegenv2.js": "",
    }, TTRPC],
  ];
  for (const [files, expected] of cases) assertEquals(await missing(files, MESSAGES, STUBS), expected);
});

Deno.test("missingImports() names what a package.json lists and nobody installed", async () => {
  const packageJson = JSON.stringify({ dependencies: { "@bufbuild/protobuf": "^2.17.0" } });
  assertEquals(await missing({ "package.json": packageJson }, MESSAGES), PROTOBUF);
});

Deno.test("missingImports() fails with Deno's word on a deno.json it can't read", async () => {
  await assertRejects(() => missing({ "deno.json": "{ imports" }, STUBS), CodegenError, "deno.json");
});
