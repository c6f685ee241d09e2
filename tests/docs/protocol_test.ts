import { assertEquals } from "@std/assert";

const root = new URL("../../", import.meta.url);

async function* testFiles(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* testFiles(new URL(`${name}/`, folder));
    else if (name.endsWith("_test.ts")) yield await Deno.readTextFile(new URL(name, folder));
  }
}

Deno.test("each rule of PROTOCOL.md is named by a test", async () => {
  const text = await Deno.readTextFile(new URL("PROTOCOL.md", root));
  const rules = Array.from(text.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm), ([, rule]) => String(rule));
  const named = new Set<string>();
  for await (const file of testFiles(new URL("tests/", root))) {
    for (const [, names] of file.matchAll(/\[((?:[A-Z]\d+(?:, )?)+)\]/g)) {
      for (const name of String(names).split(", ")) named.add(name);
    }
  }
  assertEquals(rules.filter((rule) => !named.has(rule)), []);
  assertEquals([...named].filter((rule) => !rules.includes(rule)), []);
});

Deno.test("each rule that a source file names stands in PROTOCOL.md", async () => {
  const text = await Deno.readTextFile(new URL("PROTOCOL.md", root));
  for await (const file of sourceFiles(new URL("src/", root))) {
    for (const [, names] of file.matchAll(/PROTOCOL\.md ([^)]*)\)/g)) {
      for (const [rule] of String(names).matchAll(/[A-Z]\d+/g)) {
        assertEquals(text.includes(`**${rule}**`), true, rule);
      }
    }
  }
});

async function* sourceFiles(folder: URL): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sourceFiles(new URL(`${name}/`, folder));
    else yield await Deno.readTextFile(new URL(name, folder));
  }
}
