import { assertEquals } from "@std/assert";
import { ADVERSARIAL, BOOTSTRAP, READS_VECTORS, SCENARIOS, SHIMS, UNUSED, VECTORS } from "./vector_files.ts";

Deno.test("Every file of vectors is read by a test, or it is said why not", READS_VECTORS, async () => {
  const files = (await Array.fromAsync(Deno.readDir(VECTORS), ({ name }) => name))
    .filter((name) => name.endsWith(".json"));
  const known = [...SCENARIOS, ADVERSARIAL, BOOTSTRAP, ...SHIMS, ...Object.keys(UNUSED)].map((name) =>
    `${name}.json`
  );
  assertEquals(files.sort(), known.sort());
});
