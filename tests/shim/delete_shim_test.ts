// What a dead shim leaves is removed, and what lives is not.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Code, TtrpcError } from "../../mod.ts";
import {
  deleteShim,
  type DeleteShimOptions,
  type ExitStatus,
  type Shim,
  Status,
} from "../../src/shim/mod.ts";
import { mustBecome, mustSettle } from "../waiting.ts";
import { isThere } from "./host/files.ts";
import { onScene, type Scene } from "./host/scene.ts";
import { shims } from "./host/shims.ts";
import { vanishes } from "./host/vanishing.ts";

shims.test("deleteShim() refuses a shim that lives, and with force removes all of it", (program) =>
  onScene(program, {}, async (scene) => {
    const { start, create, bundle } = scene;
    const shim = await start();
    const task = await create(shim);
    await task.start();
    const refusal = await assertRejects(() => remove(scene), TtrpcError, "its shim lives");
    assertEquals(refusal.code, Code.FailedPrecondition);
    assertEquals((await task.state()).status, Status.RUNNING);
    const ended = task.wait();

    await remove(scene, { force: true });
    assertEquals((await mustSettle("a container that is removed", ended)).exitStatus, 137);
    await shim.close();
    await remove(scene);
    await remove(scene, { force: true });
    assertEquals(isThere(`${bundle.path}/bootstrap.json`), false);
  }));

shims.test("deleteShim() removes what a shim has left that was killed, as often as it is called", (program) =>
  onScene(program, {}, async (scene) => {
    const shim = await scene.start({ namespace: "default" });
    const task = await scene.create(shim, { stdout: `${scene.folder}/out` });
    await task.start();
    await kill(shim);
    const exit = await remove(scene);
    assertEquals(exit?.exitStatus, 137);
    assert(exit?.exitedAt instanceof Date);
    await remove(scene);
    await Deno.remove(`${scene.folder}/out`);
  }));

shims.test("deleteShim() knows how a container had ended, from a shim that has written it down", (program) =>
  onScene(program, { args: ["sh", "-c", "exit 3"] }, async (scene) => {
    const shim = await scene.start();
    const task = await scene.create(shim);
    const waiting = task.wait();
    await task.start();
    assertEquals((await waiting).exitStatus, 3);
    const writesItDown = scene.program.name.endsWith(" 2.4.2");
    const file = `${scene.bundle.path}/exit.json`;
    if (writesItDown) await mustBecome(`there is ${file}`, () => isThere(file));
    await kill(shim);
    assertEquals((await remove(scene))?.exitStatus, writesItDown ? 3 : 137);
  }));

shims.testReal(
  "deleteShim() unmounts what a shim has mounted that was killed",
  (program) =>
    onScene(program, {}, async (scene) => {
      const { path } = scene.bundle;
      await Deno.rename(`${path}/rootfs`, `${path}/files`);
      await Deno.mkdir(`${path}/rootfs`);
      const shim = await scene.start();
      const rootfs = [{ type: "bind", source: `${path}/files`, options: ["rbind", "rw"] }];
      const task = await scene.create(shim, { rootfs });
      await task.start();
      assertEquals(isThere(`${path}/rootfs/bin`), true);
      await kill(shim);
      await remove(scene);
      assertEquals(isThere(`${path}/rootfs/bin`), false);
    }),
);

shims.testReal("deleteShim() removes a frozen container", (program) =>
  onScene(program, {}, async (scene) => {
    const shim = await scene.start();
    const task = await scene.create(shim);
    await task.start();
    await task.pause();
    await kill(shim);
    assertEquals((await remove(scene))?.exitStatus, 137);
  }));

shims.test("deleteShim() finds no container where there was none", (program) =>
  onScene(program, {}, async (scene) => {
    const shim = await scene.start();
    await kill(shim);
    assertEquals(await remove(scene), undefined);
    assertEquals(await remove(scene), undefined);
  }));

shims.test("deleteShim() called twice at the same time removes it once", (program) =>
  onScene(program, {}, async (scene) => {
    const shim = await scene.start();
    const task = await scene.create(shim);
    await task.start();
    await kill(shim);
    const exits = await Promise.all([remove(scene), remove(scene), remove(scene)]);
    assertEquals(exits.filter(is137).length > 0, true);
  }));

shims.test("deleteShim() goes on right after a shim was killed", (program) =>
  onScene(program, {}, async (scene) => {
    const shim = await scene.start();
    Deno.kill(shim.pid, "SIGKILL");
    assertEquals(await remove(scene), undefined);
    await shim.close();
  }));

function is137(exit: ExitStatus | undefined): boolean {
  return exit?.exitStatus === 137;
}

/** Kills a shim and waits until it is dead; what it has left is nobody's then. */
async function kill(shim: Shim): Promise<void> {
  Deno.kill(shim.pid, "SIGKILL");
  const alive = async () => await shim.connect().then(() => [shim], () => []);
  assertEquals(await vanishes(alive), []);
  await shim.close();
}

function remove(
  { program, bundle: { id, path: bundle } }: Scene,
  options: Partial<DeleteShimOptions> = {},
): Promise<ExitStatus | undefined> {
  return deleteShim({ path: program.path, id, bundle, ...options });
}
