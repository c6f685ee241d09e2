import { assertEquals, AssertionError, assertRejects } from "@std/assert";
import { TempFolder } from "../../net/temp_folder.ts";
import { runToEnd } from "../../run_to_end.ts";
import { makeBundle } from "./bundle.ts";
import { CGROUPS } from "./files.ts";
import { freshId } from "./fresh_id.ts";
import { assertNothingLeft, compareSnapshots, type Snapshot, takeSnapshot } from "./leftovers.ts";
import { runContainer } from "./run_container.ts";
import { testContainers } from "./runtime.ts";

const LINUX_ONLY = { ignore: Deno.build.os !== "linux" };

/** Ways to tell a process from others. */
const PROCESSES: Record<string, (id: string, folder: string) => Deno.CommandOptions> = {
  "arguments": (id) => ({ args: ["-", `/nowhere/${id}`] }),
  "environment": (id) => ({ env: { ID: id } }),
  "working directory": (_, folder) => ({ cwd: folder }),
};

for (const [what, optionsFor] of Object.entries(PROCESSES)) {
  Deno.test(`takeSnapshot() finds a process by its ${what}`, LINUX_ONLY, async () => {
    using folder = new TempFolder();
    const id = freshId();
    const before = takeSnapshot({ ids: [id], folders: [folder.path] });
    const options = optionsFor(id, folder.path);
    const command = new Deno.Command("cat", { ...options, stdin: "piped", stdout: "null", stderr: "null" });
    await using child = command.spawn();
    assertEquals(found(before).filter((thing) => thing.startsWith("process")).map(numberOf), [child.pid]);
    await child.stdin.close();
    await child.status;
    await assertNothingLeft(before);
  });
}

Deno.test("takeSnapshot() finds files, fifos and sockets in folders", LINUX_ONLY, async () => {
  using folder = new TempFolder();
  const before = takeSnapshot({ ids: [], folders: [folder.path] });
  await Deno.mkdir(folder.file("a"));
  await Deno.writeTextFile(`${folder.path}/a/b`, "");
  await runToEnd("mkfifo", [folder.file("c")]);
  using _listener = Deno.listen({ transport: "unix", path: folder.file("d") });
  assertEquals(found(before).sort(), [
    "descriptor socket",
    `fifo ${folder.path}/c`,
    `file ${folder.path}/a/b`,
    `folder ${folder.path}/a`,
    `open socket ${folder.path}/d`,
    `socket ${folder.path}/d`,
  ]);
});

Deno.test("takeSnapshot() finds what this process has open, as often as it has", LINUX_ONLY, async () => {
  using folder = new TempFolder();
  const path = folder.file("a");
  using _first = await Deno.create(path);
  const before = takeSnapshot({ ids: [] });
  using _second = await Deno.open(path);
  assertEquals(found(before), [`descriptor ${path}`]);
});

testContainers("takeSnapshot() finds a mount", async () => {
  await using bundle = await makeBundle();
  const before = takeSnapshot(bundle.marks);
  await runToEnd("mount", ["-t", "tmpfs", "none", `${bundle.path}/rootfs/tmp`]);
  assertEquals(found(before), [`mount ${bundle.path}/rootfs/tmp`]);
});

testContainers("takeSnapshot() finds a container, and what runc knows of it", async () => {
  await using bundle = await makeBundle();
  const before = takeSnapshot(bundle.marks);
  const pid = await runContainer(bundle);
  const things = found(before);
  assertEquals(things.filter((thing) => thing.startsWith("process")).map(numberOf), [pid]);
  assertEquals(things.filter((thing) => thing.includes("/run/runc/")), [`folder /run/runc/${bundle.id}`]);
  assertEquals(things.some((thing) => thing.startsWith(`folder ${CGROUPS}/`)), true);
  await runToEnd("runc", ["delete", "--force", bundle.id]);
  await assertNothingLeft(before);
});

Deno.test("assertNothingLeft() waits for what vanishes, and says what does not", LINUX_ONLY, async () => {
  using folder = new TempFolder();
  const before = takeSnapshot({ ids: [], folders: [folder.path] });
  await using child = new Deno.Command("cat", { cwd: folder.path, stdin: "piped", stdout: "null" }).spawn();
  const nothingLeft = assertNothingLeft(before);
  await child.stdin.close();
  await nothingLeft;

  await Deno.writeTextFile(folder.file("a"), "");
  await assertRejects(
    () => assertNothingLeft(before, { withinMs: 0 }),
    AssertionError,
    `Left behind:\n  file ${folder.path}/a`,
  );
});

/** What has come since. */
function found(before: Snapshot): string[] {
  return compareSnapshots(before, takeSnapshot(before.marks));
}

/** The number of a process that was found. */
function numberOf(thing: string): number {
  return Number(/^process ([0-9]+):/.exec(thing)?.[1]);
}
