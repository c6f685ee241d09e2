import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { MAX_PATH_BYTES } from "../../src/net/address.ts";
import { bindSocketFile, type BoundSocket } from "../../src/net/socket_file.ts";
import { TempFolder } from "./temp_folder.ts";

/** Permission bits of a file, in octal; undefined if it has gone meanwhile. */
function modeOf(path: string): string | undefined {
  try {
    return ((Deno.lstatSync(path).mode ?? 0) & 0o777).toString(8);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Holds if a server accepts at a path. */
async function assertAlive({ listener }: BoundSocket, path: string): Promise<void> {
  const [conn, accepted] = await Promise.all([Deno.connect({ transport: "unix", path }), listener.accept()]);
  conn.close();
  accepted.close();
}

/** Leaves a socket file behind that nobody listens at. */
function leaveDeadSocket(path: string): void {
  const listener = Deno.listen({ transport: "unix", path: `${path}.bound` });
  Deno.renameSync(`${path}.bound`, path);
  listener.close();
}

Deno.test("bindSocketFile() binds a socket for its owner alone, and removes it at the end", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.sock");
  const bound = await bindSocketFile(path);
  assertEquals([Deno.lstatSync(path).isSocket, modeOf(path)], [true, "600"]);
  assertEquals(folder.names(), ["a.sock"]);
  await assertAlive(bound, path);
  bound.close();
  bound.close();
  assertEquals(folder.names(), []);
});

Deno.test("bindSocketFile() leaves no moment in which others could connect", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.sock");
  const umask = Deno.umask(0);
  try {
    const seen = new Set<string>();
    for (let round = 0; round < 20; round++) {
      let isBound = false;
      const binding = bindSocketFile(path).finally(() => isBound = true);
      while (!isBound) {
        await Deno.lstat(folder.path);
        for (const name of folder.names()) {
          const mode = modeOf(folder.file(name));
          if (mode !== undefined) seen.add(`${name === "a.sock" ? "socket" : "folder"} ${mode}`);
        }
      }
      (await binding).close();
    }
    assertEquals([...seen].sort(), ["folder 700", "socket 600"]);
  } finally {
    Deno.umask(umask);
  }
});

Deno.test("bindSocketFile() replaces a dead socket", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.sock");
  leaveDeadSocket(path);
  const bound = await bindSocketFile(path);
  assertEquals(folder.names(), ["a.sock"]);
  await assertAlive(bound, path);
  bound.close();
});

Deno.test("bindSocketFile() refuses the place of a live server, which stays alive", async () => {
  using folder = new TempFolder();
  const path = folder.file("a.sock");
  const bound = await bindSocketFile(path);
  await assertRejects(() => bindSocketFile(path), Deno.errors.AddrInUse, "a live server listens there");
  (await bound.listener.accept()).close();
  await assertAlive(bound, path);
  assertEquals(folder.names(), ["a.sock"]);
  bound.close();
});

for (const isDead of [false, true]) {
  Deno.test(`bindSocketFile() lets one of two servers win ${isDead ? "a dead socket's place" : "a place"}`, async () => {
    using folder = new TempFolder();
    const path = folder.file("a.sock");
    if (isDead) leaveDeadSocket(path);
    const both = await Promise.allSettled([bindSocketFile(path), bindSocketFile(path)]);
    const bound = both.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
    assertEquals([bound.length, folder.names()], [1, ["a.sock"]]);
    for (const one of bound) {
      await assertAlive(one, path);
      one.close();
    }
  });
}

const OCCUPIED: [about: string, occupy: (path: string) => void][] = [
  ["a file", (path) => Deno.writeTextFileSync(path, "precious")],
  ["a folder", (path) => Deno.mkdirSync(path)],
  ["a link that leads nowhere", (path) => Deno.symlinkSync("nowhere", path)],
  ["a link to a dead socket", (path) => {
    leaveDeadSocket(`${path}.target`);
    Deno.symlinkSync(`${path}.target`, path);
  }],
];

for (const [about, occupy] of OCCUPIED) {
  Deno.test(`bindSocketFile() refuses the place of ${about}, and leaves it alone`, async () => {
    using folder = new TempFolder();
    const path = folder.file("a.sock");
    occupy(path);
    const before = [folder.names(), Deno.lstatSync(path)];
    const message = "a file that is no socket stands there";
    await assertRejects(() => bindSocketFile(path), Deno.errors.AlreadyExists, message);
    assertEquals([folder.names(), Deno.lstatSync(path)], before);
  });
}

const REPLACED: [about: string, replace: (path: string) => void][] = [
  ["another socket", leaveDeadSocket],
  ["a file", (path) => Deno.writeTextFileSync(path, "precious")],
  ["a file in place of its folder", (path) => {
    const inner = dirname(path);
    Deno.removeSync(inner);
    Deno.writeTextFileSync(inner, "precious");
  }],
  ["nothing", () => {}],
];

for (const [about, replace] of REPLACED) {
  Deno.test(`bindSocketFile() removes at the end only its own file, not ${about}`, async () => {
    using folder = new TempFolder();
    Deno.mkdirSync(folder.file("inner"));
    const path = folder.file("inner/a.sock");
    const bound = await bindSocketFile(path);
    Deno.removeSync(path);
    replace(path);
    const before = [...folder.names(), ...names(folder.file("inner"))];
    bound.close();
    assertEquals([...folder.names(), ...names(folder.file("inner"))], before);
    await assertRejects(() => bound.listener.accept(), Deno.errors.BadResource);
  });
}

function dirname(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

function names(path: string): string[] {
  return Deno.lstatSync(path).isDirectory ? [...Deno.readDirSync(path)].map(({ name }) => name) : [];
}

Deno.test("bindSocketFile() says that the folder is missing", async () => {
  using folder = new TempFolder();
  await assertRejects(() => bindSocketFile(folder.file("none/a.sock")), Deno.errors.NotFound);
  assertEquals(folder.names(), []);
});

Deno.test("bindSocketFile() leaves nothing behind when it may not listen", {
  permissions: { read: true, write: true, net: false },
}, async () => {
  using folder = new TempFolder();
  await assertRejects(() => bindSocketFile(folder.file("a.sock")), Deno.errors.NotCapable);
  assertEquals(folder.names(), []);
});

Deno.test("bindSocketFile() binds as deep as it can, and says by how much a folder is too deep", async () => {
  using folder = new TempFolder();
  const ownBytes = "/.12345678/s".length;
  const deep = folder.file("d".repeat(MAX_PATH_BYTES - ownBytes - folder.path.length - 1));
  assertGreater(deep.length, folder.path.length + 1);
  Deno.mkdirSync(deep);
  const bound = await bindSocketFile(`${deep}/a.sock`);
  await assertAlive(bound, `${deep}/a.sock`);
  bound.close();
  Deno.mkdirSync(`${deep}dd`);
  const message = "its folder is too deep: a socket made there takes 109 bytes, of 107";
  await assertRejects(() => bindSocketFile(`${deep}dd/a.sock`), TypeError, message);
  assertEquals([names(deep), names(`${deep}dd`)], [[], []]);
});
