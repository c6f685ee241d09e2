import { assertEquals } from "@std/assert";
import { buf, root } from "../codegen/generate.ts";
import { go } from "./go_peers.ts";

const GO = "tests/interop/go";

/** The Go files that are generated, by name. */
async function generatedFiles(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const name of ["interoppb", "plainpb"]) {
    for await (const file of Deno.readDir(`${folder}/${GO}/${name}`)) {
      const path = `${name}/${file.name}`;
      files.set(path, await Deno.readTextFile(`${folder}/${GO}/${path}`));
    }
  }
  return files;
}

go.test("Go peers' generated code is what their README's command writes", async () => {
  const output = await Deno.makeTempDir();
  try {
    await buf("generate", "--template", `${GO}/buf.gen.yaml`, "--path", "proto/interop", "--output", output);
    assertEquals(await generatedFiles(root), await generatedFiles(output));
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});
