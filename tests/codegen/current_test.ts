import { assertEquals } from "@std/assert";
import { join, relative } from "node:path";
import { deno, root } from "./generate.ts";

async function readTree(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const folders = [folder];
  for (const open of folders) {
    for await (const { name, isDirectory } of Deno.readDir(open)) {
      const path = join(open, name);
      if (isDirectory) folders.push(path);
      else files.set(relative(folder, path), await Deno.readTextFile(path));
    }
  }
  return files;
}

Deno.test("gen/ is what `deno task codegen` writes", async () => {
  const output = await Deno.makeTempDir();
  try {
    const { code, stderr } = await deno(["task", "--quiet", "codegen", "--out", output]);
    assertEquals([code, stderr], [0, ""]);
    const expected = await readTree(output);
    const actual = await readTree(join(root, "gen"));
    const differing = [...new Set([...expected.keys(), ...actual.keys()])]
      .filter((name) => expected.get(name) !== actual.get(name))
      .map((name) => {
        if (!actual.has(name)) return `${name} is missing`;
        return expected.has(name) ? `${name} differs` : `${name} is left over`;
      });
    assertEquals(differing.sort(), []);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});
