import { assertEquals, assertMatch } from "@std/assert";
import { startShim } from "../../../src/shim/mod.ts";
import { makeBundle } from "./bundle.ts";
import { assertNothingLeft, compareSnapshots, takeSnapshot } from "./leftovers.ts";
import { isMarked, wordsOf } from "./marks.ts";
import { findProcesses } from "./processes.ts";
import { shims } from "./shims.ts";
import { vanishes } from "./vanishing.ts";
import { testWithShim } from "./with_shim.ts";

testWithShim(
  "A shim is the one that it is said to be, and its marks tell it from others",
  {},
  async (test) => {
    const { program, shim, bundle } = test;
    assertEquals(shim.taskVersion, program.taskVersion);
    assertMatch(shim.address, /^unix:\/\/\/run\/containerd\/s\/[0-9a-f]{64}$/);
    assertEquals(isMarked(shim.address, wordsOf(bundle.marks)), true);
    assertEquals(findProcesses([bundle.id]).map(({ pid }) => pid), [shim.pid]);
    assertEquals(await Deno.readLink(`/proc/${shim.pid}/exe`), await Deno.realPath(program.path));
  },
);

shims.test("A shim that was killed leaves its socket, until its bundle ends", async ({ path }) => {
  const bundle = await makeBundle();
  const before = takeSnapshot(bundle.marks);
  try {
    const shim = await startShim({ path, id: bundle.id, bundle: bundle.path });
    Deno.kill(shim.pid, "SIGKILL");
    // Its end would be that of its socket.
    await shim.close();
    const socket = `socket ${shim.address.replace("unix://", "")}`;
    const left = () => compareSnapshots(before, takeSnapshot(bundle.marks));
    assertEquals(await vanishes(() => left().filter((thing) => thing !== socket)), []);
    assertEquals(left(), [socket]);
  } finally {
    await bundle[Symbol.asyncDispose]();
  }
  await assertNothingLeft(before);
});
