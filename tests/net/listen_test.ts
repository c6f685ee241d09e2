import { assert, assertEquals, assertRejects } from "@std/assert";
import { toBytes } from "@std/streams/unstable-to-bytes";
import type { Duplex } from "../../src/connection/duplex.ts";
import { connect } from "../../src/net/connect.ts";
import { listen, listenLent } from "../../src/net/listen.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { isPending } from "../is_pending.ts";
import { abstractAddress, TempFolder } from "./temp_folder.ts";

for (const kind of ["a socket file", "an abstract name"]) {
  Deno.test(`listen() gives each connection to ${kind}, until it is closed`, async () => {
    using folder = new TempFolder();
    using listener = await listen(kind === "a socket file" ? folder.file("a.sock") : abstractAddress());
    const accepted: Duplex[] = [];
    const loop = (async () => {
      for await (const duplex of listener) accepted.push(duplex);
    })();
    const connected = [await connect(listener.address), await connect(listener.address)];
    await Promise.all(connected.map(({ writable }, i) => writable.getWriter().write(new Uint8Array([i]))));
    assertEquals(await isPending(loop), true);
    listener.close();
    listener.close();
    await loop;
    connected.forEach((duplex) => duplex.close());
    assertEquals(accepted.map(({ remote }) => remote?.address), [listener.address, listener.address]);
    const received = await Promise.all(accepted.map(({ readable }) => toBytes(readable)));
    assertEquals(received, [new Uint8Array([0]), new Uint8Array([1])]);
    accepted.forEach((duplex) => duplex.close());
    await assertRejects(() => connect(listener.address), TtrpcError, "Cannot connect to");
    assertEquals(folder.names(), []);
  });
}

Deno.test("listen() gives its address in the canonical form", async () => {
  using folder = new TempFolder();
  using listener = await listen(`unix:${folder.path}/a.sock`);
  assertEquals(listener.address, `unix://${folder.path}/a.sock`);
});

Deno.test("listen() closes the listener of a loop that is left", async () => {
  using folder = new TempFolder();
  const listener = await listen(folder.file("a.sock"));
  const duplex = await connect(listener.address);
  for await (const accepted of listener) {
    accepted.close();
    break;
  }
  assertEquals(folder.names(), []);
  duplex.close();
});

Deno.test("listenLent() lends the chunks of its connections", async () => {
  using folder = new TempFolder();
  using listener = await listenLent(folder.file("a.sock"));
  const duplex = await connect(listener.address);
  const writer = duplex.writable.getWriter();
  const { value: peer } = await listener[Symbol.asyncIterator]().next();
  assert(peer !== undefined);
  const reader = peer.readable.getReader();
  await writer.write(new Uint8Array([1]));
  const first = (await reader.read()).value;
  await writer.write(new Uint8Array([2]));
  assertEquals((await reader.read()).value?.buffer === first?.buffer, true);
  duplex.close();
  peer.close();
});

const REFUSED: [about: string, occupy: (path: string) => Disposable | void, message: string][] = [
  ["a live server", (path) => Deno.listen({ transport: "unix", path }), "Address in use by a live server"],
  ["a file", (path) => Deno.writeTextFileSync(path, ""), "a file that is no socket stands there"],
  ["a file as its folder", (path) => {
    Deno.removeSync(path.slice(0, path.lastIndexOf("/")));
    Deno.writeTextFileSync(path.slice(0, path.lastIndexOf("/")), "");
  }, "Not a directory"],
  ["no folder", (path) => Deno.removeSync(path.slice(0, path.lastIndexOf("/"))), "No such directory"],
];

for (const [about, occupy, message] of REFUSED) {
  Deno.test(`listen() says that its place has ${about}`, async () => {
    using folder = new TempFolder();
    Deno.mkdirSync(folder.file("inner"));
    const path = folder.file("inner/a.sock");
    using _ = occupy(path) ?? undefined;
    for (const open of [listen, listenLent]) {
      const error = await assertRejects(
        () => open(path),
        TtrpcError,
        `Cannot listen on unix://${path}: ${message}`,
      );
      assertEquals(error.code, Code.Unavailable);
    }
  });
}

Deno.test("listen() refuses an abstract name that is taken, and an address without a form", async () => {
  using listener = await listen(abstractAddress());
  const message = `Cannot listen on ${listener.address}: Address in use by a live server`;
  await assertRejects(() => listen(listener.address), TtrpcError, message);
  await assertRejects(() => listen("http://localhost"), TypeError, "the forms are");
});
