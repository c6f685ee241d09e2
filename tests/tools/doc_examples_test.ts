import { assertEquals, assertThrows } from "@std/assert";
import { findMissingExamples } from "../../tools/doc_examples.ts";
import { runDeno } from "../../tools/run_deno.ts";

const NONE_GENERATED = "file:///none/";

const EXAMPLE = "@example Usage\n * ```ts\n * call();\n * ```";

const SOURCES: [source: string, missing: string[]][] = [
  [`/** ${EXAMPLE} */\nexport function call(): void {}`, []],
  [`export function call(): void {}`, ["call"]],
  [`/** Calls. */\nexport function call(): void {}`, ["call"]],
  [`/** @example */\nexport function call(): void {}`, ["call"]],
  [`/** ${EXAMPLE.replace("ts", "sh")} */\nexport function call(): void {}`, ["call"]],
  [`/** ${EXAMPLE.replace("ts", "ts ignore")} */\nexport function call(): void {}`, ["call"]],
  [`export interface A {}\nexport type B = A;\nexport const c = 1;\nexport enum D {}`, ["A", "B", "D", "c"]],
  // One declaration of a symbol is enough.
  [`export interface A {}\n/** ${EXAMPLE} */\nexport const A = 1;`, []],
  // A type that is not exported is none of the surface.
  [`interface A {}\n/** ${EXAMPLE} */\nexport function call(): A { return {}; }`, []],
];

async function readDocs(sources: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const files = sources.map((_, i) => `${folder}/${i}.ts`);
    for (const [i, file] of files.entries()) await Deno.writeTextFile(file, sources[i] ?? "");
    return (await runDeno(["doc", "--json", ...files])).stdout;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("findMissingExamples() names each exported symbol without an example that runs", async () => {
  for (const [source, missing] of SOURCES) {
    const json = await readDocs([source, `/** ${EXAMPLE} */\nexport const other = 1;`]);
    const found = findMissingExamples(json, NONE_GENERATED);
    const names = found.map(({ text }) => /^error\[missing-example\]: .*'(\w+)'/.exec(text)?.[1]);
    assertEquals(names.sort(), missing, source);
  }
});

Deno.test("findMissingExamples() tells where, and once of what two modules export", async () => {
  const json = await readDocs([
    "// The first line.\nexport const a = 1, b = 2;",
    `export { a } from "./0.ts";`,
  ]);
  const places = findMissingExamples(json, NONE_GENERATED).map(({ text }) =>
    /\/0\.ts:\d+:\d+$/.exec(text)?.[0]
  );
  assertEquals(places, ["/0.ts:2:14", "/0.ts:2:21"]);
});

Deno.test("findMissingExamples() asks no example of generated code, wherever it is exported", async () => {
  const json = await readDocs(["export const a = 1;", `export { a } from "./0.ts";\nexport const b = 2;`]);
  const generated = /file:[^"]*\/0\.ts/.exec(json)?.[0] ?? "";
  const names = findMissingExamples(json, generated).map(({ text }) => /'(\w+)'/.exec(text)?.[1]);
  assertEquals(names, ["b"]);
});

Deno.test("findMissingExamples() throws if it does not understand the output", () => {
  for (const json of ["", "{}", `{"nodes":{}}`, `{"nodes":{"file:///a.ts":{"symbols":[]}}}`]) {
    assertThrows(() => findMissingExamples(json, NONE_GENERATED), Error);
  }
});
