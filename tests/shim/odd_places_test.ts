// Names and places that are unusual, and allowed.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { attachShim, deleteShim, listShims, serveEvents, Status } from "../../src/shim/mod.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { makeBundle } from "./host/bundle.ts";
import { isThere } from "./host/files.ts";
import { freshId } from "./host/fresh_id.ts";
import { findProcesses } from "./host/processes.ts";
import { onScene } from "./host/scene.ts";
import type { Shim as Program } from "./host/shim.ts";
import { shims } from "./host/shims.ts";

shims.test("An id may have 76 characters, and a namespace any name", (program) => {
  const id = `${freshId()}.${"long-id_".repeat(10)}`.slice(0, 75) + "x";
  const namespace = "some.other-namespace_1";
  return onScene(program, { id, namespaces: [namespace] }, async ({ bundle, start, create }) => {
    assertEquals(id.length, 76);
    {
      await using shim = await start({ namespace, events: true });
      await using task = await create(shim, { stdout: "piped" });
      await task.start();
      await using added = await task.exec({ args: ["true"], env: ["PATH=/bin"], execId: id });
      await added.start();
      assertEquals((await added.wait()).exitStatus, 0);
      assertEquals(isThere(`/run/containerd/runc/${namespace}/${id}`), true);
      const event = await shim.events?.[Symbol.asyncIterator]().next();
      assertEquals(event?.value?.namespace, namespace);
      const listed = (await listShims()).find((shim) => shim.id === id);
      assertEquals(listed?.namespace, namespace);
    }
    const shim = await start({ namespace });
    const task = await create(shim);
    await task.start();
    Deno.kill(shim.pid, "SIGKILL");
    await shim.close();
    const { path } = program;
    const exit = await deleteShim({ path, id, namespace, bundle: bundle.path });
    assertEquals(exit?.exitStatus, 137);
  });
});

shims.test("A bundle's path may have blanks in it, and be a symlink", (program) =>
  onScene(program, {}, async ({ bundle, start, create, folder }) => {
    const { id, path } = bundle;
    using odd = new TempFolder();
    const real = `${odd.path}/with blanks, and ünicode/${id}`;
    await Deno.mkdir(`${odd.path}/with blanks, and ünicode`);
    await Deno.rename(path, real);
    const link = `${folder}/link`;
    await Deno.symlink(real, link);
    {
      await using shim = await start({ bundle: link });
      assertEquals(shim.bundle, real);
      await using task = await create(shim);
      await task.start();
      for (const name of [link, real, `${real}/`]) {
        await using attached = await attachShim({ bundle: name });
        assertEquals([attached.id, attached.bundle, attached.pid], [id, real, shim.pid]);
        assertEquals((await attached.task().state()).status, Status.RUNNING);
      }
      assertEquals((await listShims()).find((shim) => shim.id === id)?.bundle, real);
      const deleting = () => deleteShim({ path: program.path, id, bundle: link });
      await assertRejects(deleting, Error, "its shim lives");
      Deno.kill(shim.pid, "SIGKILL");
    }
    await Deno.remove(link);
    await Deno.symlink(real, `${folder}/${id}`);
    await Deno.mkdir(`${folder}/other`);
    const wrong = `${folder}/other/${id}`;
    await Deno.symlink(`${folder}/other`, wrong);
    const error = await assertRejects(() => start({ bundle: wrong }), TypeError);
    assertStringIncludes(error.message, `its folder, ${folder}/other, has to be named ${id}`);
    for (const name of [`other/${id}`, "other", id]) await Deno.remove(`${folder}/${name}`);
    await Deno.rename(real, path);
  }));

shims.test("A shim's socket may be in a folder with blanks, and is removed from it", (program) =>
  onScene(program, {}, async ({ start, folder }) => {
    const socketDir = `${folder}/the sockets`;
    await Deno.mkdir(socketDir);
    for (const kill of [false, true]) {
      await using shim = await start({ socketDir, debug: true });
      assertEquals(shim.address.includes(socketDir), / 2\.[3-9]/.test(program.name));
      if (kill) Deno.kill(shim.pid, "SIGKILL");
    }
    assertEquals([...Deno.readDirSync(socketDir)], []);
    await Deno.remove(socketDir);
  }));

shims.test("A shim has the address for events that it is given, and not the program's own", (program) =>
  onScene(program, {}, async ({ bundle, start, create }) => {
    await using inherited = await serveEvents();
    using _environment = new Environment("TTRPC_ADDRESS", inherited.address);
    {
      await using shim = await start();
      await using _task = await create(shim);
    }
    {
      await using shim = await start({ events: true });
      await using task = await create(shim);
      assertEquals(task.id, bundle.id);
      const event = await shim.events?.[Symbol.asyncIterator]().next();
      assertEquals(event?.value?.topic, "/tasks/create");
    }
    await inherited.close();
    assertEquals(await Array.fromAsync(inherited), []);
  }));

shims.test("A note about a shim that is dead is no obstacle to the next one", (program) =>
  onScene(program, {}, async ({ bundle, start, create }) => {
    const old = await start();
    Deno.kill(old.pid, "SIGKILL");
    // The way a host goes down: nobody clears away.
    await old.close();
    assertEquals(isThere(`${bundle.path}/bootstrap.json`), true);
    await waitForEnd(bundle.id);
    await assertRejects(() => attachShim({ bundle: bundle.path }), Error, "Cannot attach to the shim of");
    await using shim = await start();
    assertEquals(shim.isOwned, true);
    await using task = await create(shim);
    await task.start();
    await using attached = await attachShim({ bundle: bundle.path });
    assertEquals(attached.pid, shim.pid);
  }));

shims.test(
  "Shims of the same id in two namespaces, or under two addresses, know nothing of each other",
  twice,
);

async function twice(program: Program): Promise<void> {
  const id = freshId();
  const other = { namespaces: ["default", "other"], addresses: ["", "/nowhere/containerd.sock"] };
  await using second = await makeBundle({ id, ...other });
  await onScene(program, { id, ...other }, async ({ start, create }) => {
    await using one = await start();
    await using task = await create(one);
    await task.start();
    {
      await using two = await start({
        bundle: second.path,
        namespace: "other",
        containerdAddress: "/nowhere/containerd.sock",
      });
      assertEquals([two.isOwned, two.pid === one.pid], [true, false]);
      assertEquals((await two.connect()).taskPid, 0);
      const found = (await listShims()).filter((shim) => shim.id === id);
      assertEquals(found.map(({ namespace }) => namespace), ["default", "other"]);
    }
    assertEquals((await task.state()).status, Status.RUNNING);
  });
}

async function waitForEnd(id: string): Promise<void> {
  while (findProcesses([id]).length > 0) await new Promise((resolve) => setImmediate(resolve));
}

/** A variable of the environment that is another one for a while. */
class Environment implements Disposable {
  readonly #name: string;
  readonly #before: string | undefined;

  constructor(name: string, value: string) {
    this.#name = name;
    this.#before = Deno.env.get(name);
    Deno.env.set(name, value);
  }

  [Symbol.dispose](): void {
    if (this.#before === undefined) Deno.env.delete(this.#name);
    else Deno.env.set(this.#name, this.#before);
  }
}
