import { assertEquals, assertNotEquals } from "@std/assert";
import { dirname } from "node:path";
import { runToEnd } from "../../run_to_end.ts";
import { makeBundle } from "./bundle.ts";
import { isThere } from "./files.ts";
import { assertNothingLeft, takeSnapshot } from "./leftovers.ts";
import { findProcesses } from "./processes.ts";
import { runContainer } from "./run_container.ts";
import { testContainers } from "./runtime.ts";
import { containerSpec, type SpecOptions } from "./spec.ts";

/** What is asked of a container, and what it prints. */
const CONTAINERS: Record<string, [options: SpecOptions, output: string]> = {
  "with programs": [{ args: ["sh", "-c", "seq 3 | tail -n 1"] }, "3\n"],
  "with an environment": [{ args: ["sh", "-c", "echo $A $PATH"], env: { A: "b" } }, "b /bin\n"],
  "with processes of its own": [{ args: ["sh", "-c", "echo $$"] }, "1\n"],
  "with a terminal": [{ args: ["tty"], terminal: true }, "/dev/pts/0\r\n"],
  "with users of its own": [
    { args: ["sh", "-c", "echo $(cat /proc/self/uid_map)"], userNamespace: true },
    "0 0 1\n",
  ],
};

for (const [what, [options, output]] of Object.entries(CONTAINERS)) {
  testContainers(`makeBundle() makes a container ${what}`, async () => {
    await using bundle = await makeBundle(options);
    const before = takeSnapshot(bundle.marks);
    const run = ["runc", "run", "--bundle", bundle.path, bundle.id];
    // This process may have no terminal: `script` makes one, and shows how its input ends.
    const [program = "", ...args] = options.terminal ? ["script", "-qec", run.join(" "), "/dev/null"] : run;
    const printed = await runToEnd(program, args);
    assertEquals(printed.replace("^@", ""), output);
    await assertNothingLeft(before);
  });
}

Deno.test("containerSpec() takes annotations", () => {
  const annotations = { "io.containerd.runc.v2.group": "g" };
  assertEquals(containerSpec({ annotations }).annotations, annotations);
});

testContainers("A bundle's end is the end of all that belongs to it", async () => {
  const bundle = await makeBundle();
  const folder = dirname(bundle.path);
  const marks = { ...bundle.marks, folders: [folder] };
  try {
    await runContainer(bundle);
    await runToEnd("mount", ["-t", "tmpfs", "none", `${bundle.path}/rootfs/tmp`]);
    await Deno.writeTextFile(`${bundle.path}/rootfs/tmp/file`, "");
    assertNotEquals(findProcesses([bundle.id]), []);
  } finally {
    await bundle[Symbol.asyncDispose]();
  }
  const left = takeSnapshot(marks).things.filter((thing) => !thing.startsWith("descriptor"));
  assertEquals([left, isThere(folder)], [[], false]);
});
