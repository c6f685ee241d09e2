// What a bundle tells of the shim that looks after its container.
import { assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import { attachShim, deleteShim, startShim, Status } from "../../src/shim/mod.ts";
import { makeBundle } from "./host/bundle.ts";
import { isThere } from "./host/files.ts";
import { assertNothingLeft, takeSnapshot } from "./host/leftovers.ts";
import { runtime } from "./host/runtime.ts";
import { shims } from "./host/shims.ts";

shims.test("Each bundle of a shim tells where it is, as long as its container is there", async (program) => {
  await using first = await makeBundle();
  await using second = await makeBundle();
  const before = takeSnapshot({ ...first.marks, ids: [first.id, second.id] });
  {
    await using shim = await startShim({ id: first.id, bundle: first.path, path: program.path });
    {
      const runc = { binaryName: runtime.binaryName };
      await using task = await shim.create({ id: second.id, bundle: second.path, runc });
      await task.start();
      for (const { id, path } of [first, second]) {
        await using attached = await attachShim({ bundle: path });
        assertEquals([attached.id, attached.pid, attached.isOwned], [id, shim.pid, false]);
      }
      const options = { id: second.id, bundle: second.path, path: program.path };
      const error = await assertRejects(() => deleteShim(options), TtrpcError, "its shim lives");
      assertEquals(error.code, Code.FailedPrecondition);
      assertEquals((await task.state()).status, Status.RUNNING);
    }
    assertEquals(isThere(`${second.path}/bootstrap.json`), false);
  }
  assertEquals(isThere(`${first.path}/bootstrap.json`), false);
  await assertNothingLeft(before);
});

shims.test("A create of an id that is taken leaves what has it alone", async (program) => {
  await using bundle = await makeBundle();
  const before = takeSnapshot(bundle.marks);
  {
    await using shim = await startShim({ id: bundle.id, bundle: bundle.path, path: program.path });
    const create = () => shim.create({ runc: { binaryName: runtime.binaryName } });
    const [, second] = await Promise.allSettled([create(), create()]);
    assertEquals(second.status === "rejected" && second.reason.code, Code.AlreadyExists);
    await shim.task().start();
    await assertRejects(create, TtrpcError);
    assertEquals((await shim.task().state()).status, Status.RUNNING);
  }
  await assertNothingLeft(before);
});

shims.test("A note of a shim that is dead is no reason to take a living one for dead", async (program) => {
  await using first = await makeBundle();
  await using second = await makeBundle();
  const before = takeSnapshot({ ...first.marks, ids: [first.id, second.id] });
  const dead = { version: 3, address: "unix:///run/containerd/s/none", protocol: "ttrpc" };
  await Deno.writeTextFile(`${second.path}/bootstrap.json`, JSON.stringify(dead));
  {
    await using shim = await startShim({ id: first.id, bundle: first.path, path: program.path });
    const runc = { binaryName: runtime.binaryName };
    await using task = await shim.create({ id: second.id, bundle: second.path, runc });
    await task.start();
    const options = { id: second.id, bundle: second.path, path: program.path };
    await assertRejects(() => deleteShim(options), TtrpcError, "its shim lives");
    assertEquals((await task.state()).status, Status.RUNNING);
  }
  await assertNothingLeft(before);
});

shims.test("A second shim for a container is refused before it touches anything", async (program) => {
  await using bundle = await makeBundle();
  const before = takeSnapshot({ ...bundle.marks, addresses: ["", "/run/other.sock"] });
  const options = { id: bundle.id, bundle: bundle.path, path: program.path };
  {
    await using shim = await startShim(options);
    for (const more of [{ containerdAddress: "/run/other.sock" }, { namespace: "other" }]) {
      const error = await assertRejects(
        () => startShim({ ...options, ...more }),
        TtrpcError,
        "it has one at",
      );
      assertEquals(error.code, Code.FailedPrecondition);
    }
    await using attached = await attachShim({ bundle: bundle.path });
    assertEquals(attached.address, shim.address);
    await using again = await startShim(options);
    assertEquals([again.address, again.isOwned], [shim.address, false]);
  }
  await assertNothingLeft(before);
});
