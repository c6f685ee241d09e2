import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { makeBundle } from "./host/bundle.ts";
import { assertNothingLeft, takeSnapshot } from "./host/leftovers.ts";
import { runtime } from "./host/runtime.ts";
import { shims } from "./host/shims.ts";

const PROGRAM = fileURLToPath(new URL("inherit.ts", import.meta.url));

shims.test("Inherited streams are those of the program, to their ends", async ({ path }) => {
  await using bundle = await makeBundle({ args: ["sh", "-c", "cat; echo err >&2"] });
  const before = takeSnapshot(bundle.marks);
  const args = ["run", "-A", "--no-check", PROGRAM, path, bundle.path, bundle.id, runtime.binaryName];
  const command = new Deno.Command(Deno.execPath(), {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const lines = Array.from({ length: 100_000 }, (_, i) => `${i}\n`).join("");
  const [{ code, stdout, stderr }] = await Promise.all([
    child.output(),
    new Blob([lines]).stream().pipeTo(child.stdin),
  ]);
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  assertEquals([code, err], [0, "err\n"]);
  assertEquals(out === `${lines}deleted\n`, true);
  await assertNothingLeft(before);
});
