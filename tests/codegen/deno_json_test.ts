import { assertEquals, assertThrows } from "@std/assert";
import { relative } from "node:path";
import { addImports, findDenoJson, findImportsFile, withSubpaths } from "../../src/codegen/deno_json.ts";
import { makeProject } from "./project.ts";

Deno.test("addImports() keeps comments, order and indentation", () => {
  const cases = [
    ["{}\n", '{\n  "imports": {\n    "a": "npm:a@^1"\n  }\n}\n'],
    [
      '{\n  // Version.\n  "version": "1" // end\n}\n',
      '{\n  // Version.\n  "version": "1",\n  "imports": {\n    "a": "npm:a@^1"\n  } // end\n}\n',
    ],
    [
      '{\n    "imports": {\n        /* b */ "b": "c",\n    },\n    "d": 1\n}',
      '{\n    "imports": {\n        /* b */ "b": "c",\n        "a": "npm:a@^1",\n    },\n    "d": 1\n}',
    ],
    ['{\n\t"d": 1\n}\n', '{\n\t"d": 1,\n\t"imports": {\n\t\t"a": "npm:a@^1"\n\t}\n}\n'],
  ];
  for (const [text = "", expected] of cases) assertEquals(addImports(text, { a: "npm:a@^1" }), expected);
});

Deno.test("findDenoJson() finds the nearest one upward", () => {
  using project = makeProject({
    "deno.jsonc": "{}",
    "gen/a.ts": "",
    "member/deno.json": "{}",
    "member/deno.jsonc": "{}",
    "member/gen/a.ts": "",
  });
  assertEquals(findDenoJson(project.file("gen")), project.file("deno.jsonc"));
  assertEquals(findDenoJson(project.file("member/gen")), project.file("member/deno.json"));
});

Deno.test("findDenoJson() finds none where there is none", () => {
  using project = makeProject({ "gen/a.ts": "" });
  assertEquals(findDenoJson(project.file("gen")), undefined);
});

Deno.test("addImports() refuses imports that are no object", () => {
  for (const imports of ['"map.json"', "[]", "null"]) {
    const add = () => addImports(`{ "imports": ${imports} }`, { a: "npm:a" });
    assertThrows(add, Error, 'Its "imports" are no object');
  }
});

Deno.test("withSubpaths() adds an entry for what is inside of each package", () => {
  assertEquals(withSubpaths({ "@a/b": "npm:@a/b@^1", c: "jsr:@c/c@^2.1" }), {
    "@a/b": "npm:@a/b@^1",
    "@a/b/": "npm:/@a/b@^1/",
    c: "jsr:@c/c@^2.1",
    "c/": "jsr:/@c/c@^2.1/",
  });
});

Deno.test("findImportsFile() finds the file in which Deno looks imports up", async () => {
  const cases: [string, string | undefined, boolean][] = [
    ["{}", "deno.json", false],
    ['{ "imports": {} }', "deno.json", false],
    ['{ "importMap": "config/map.json" }', "config/map.json", true],
    ['{ "importMap": "config/map.json", "imports": {} }', "deno.json", false],
    ['{ "importMap": "config/map.json", "scopes": {} }', "deno.json", false],
    ['{ "importMap": "https://example.com/map.json" }', undefined, true],
  ];
  for (const [text, name, isImportMap] of cases) {
    using project = makeProject({ "deno.json": text });
    const expected = name && { path: relative("", project.file(name)), isImportMap };
    assertEquals(await findImportsFile(project.file("gen")), expected, text);
  }
});

Deno.test("findImportsFile() finds a file to be made in the working directory alone", async () => {
  using project = makeProject({});
  assertEquals(await findImportsFile(project.file("gen")), undefined);
  const folder = Deno.cwd();
  Deno.chdir(project.path);
  try {
    assertEquals(await findImportsFile("src/gen"), { path: "deno.json", isImportMap: false });
  } finally {
    Deno.chdir(folder);
  }
});
