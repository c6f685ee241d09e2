import { assertEquals } from "@std/assert";
import { addImports, findDenoJson } from "../../src/codegen/deno_json.ts";
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
