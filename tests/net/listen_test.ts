import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { toBytes } from "@std/streams/unstable-to-bytes";
import { once } from "node:events";
import { createConnection } from "node:net";
import type { Duplex } from "../../src/connection/duplex.ts";
import { connect } from "../../src/net/connect.ts";
import { listen, listenLent } from "../../src/net/listen.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { isPending } from "../is_pending.ts";
import { abstractAddress, TempFolder } from "./temp_folder.ts";

const PLACES: [about: string, address: (folder: TempFolder) => string][] = [
  ["a socket file", (folder) => folder.file("a.sock")],
  ["an abstract name", () => abstractAddress()],
  ["a TCP port", () => "tcp://127.0.0.1:0"],
  ["a TCP port by IPv6", () => "tcp://[::1]:0"],
];

for (const [about, address] of PLACES) {
  Deno.test(`listen() gives each connection to ${about}, until it is closed`, async () => {
    using folder = new TempFolder();
    using listener = await listen(address(folder));
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
    const received = await Promise.all(accepted.map(({ readable }) => toBytes(readable)));
    assertEquals(received, [new Uint8Array([0]), new Uint8Array([1])]);
    accepted.forEach((duplex) => duplex.close());
    await assertRejects(() => connect(listener.address), TtrpcError, "Cannot connect to");
    assertEquals(folder.names(), []);
  });
}

Deno.test("listen() tells the address of its clients, where they have one", async () => {
  using folder = new TempFolder();
  for (
    const [address, remote] of [["tcp://127.0.0.1:0", /^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/], [
      "tcp://[::1]:0",
      /^tcp:\/\/\[::1\]:[1-9]\d*$/,
    ], [folder.file("a.sock"), /^unix:\/\/\/.*\/a\.sock$/]] as const
  ) {
    using listener = await listen(address);
    assertMatch(listener.address, remote);
    const duplex = await connect(listener.address);
    assertEquals(duplex.remote?.address, listener.address);
    const { value: peer } = await listener[Symbol.asyncIterator]().next();
    assertMatch(peer?.remote?.address ?? "", remote);
    assertEquals(peer?.remote?.address === listener.address, !address.startsWith("tcp"));
    duplex.close();
    peer?.close();
  }
});

Deno.test("listen() passes over a client that is gone before it was accepted", async () => {
  using listener = await listen("tcp://127.0.0.1:0");
  const port = Number(listener.address.split(":").at(-1));
  const gone = createConnection(port, "127.0.0.1");
  await once(gone, "connect");
  const closed = once(gone, "close");
  gone.resetAndDestroy();
  await closed;
  const duplex = await connect(listener.address);
  await duplex.writable.getWriter().write(new Uint8Array([1]));
  const { value: peer } = await listener[Symbol.asyncIterator]().next();
  assertEquals((await peer?.readable.getReader().read())?.value, new Uint8Array([1]));
  duplex.close();
  peer?.close();
});

Deno.test("listen() takes the connections of a guest where hypervisors bring them", async () => {
  using folder = new TempFolder();
  const path = folder.file("vm.sock");
  using listener = await listen(`hvsock://${path}:1024`);
  assertEquals(listener.address, `hvsock://${path}:1024`);
  assertEquals(folder.names(), ["vm.sock_1024"]);
  const conn = await Deno.connect({ transport: "unix", path: `${path}_1024` });
  const { value: peer } = await listener[Symbol.asyncIterator]().next();
  assertEquals(peer?.remote?.address, listener.address);
  conn.close();
  peer?.close();
  listener.close();
  assertEquals(folder.names(), []);
});

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

const TELLING: [about: string, address: (folder: TempFolder) => string, path: (address: string) => string][] =
  [
    ["a socket file", (folder) => `unix://${folder.file("a.sock")}`, (address) => address.slice(7)],
    ["an abstract name", abstractAddress, (address) => `\0${address.slice(8)}`],
    ["a guest's port", (folder) => `hvsock://${folder.file("vm.sock")}:7`, (a) => `${a.slice(9, -2)}_7`],
  ];

for (const [about, address, pathOf] of TELLING) {
  Deno.test(`listenLent() tells who connects to ${about}, if it shall`, {
    ignore: Deno.build.os !== "linux",
  }, async () => {
    using folder = new TempFolder();
    for (const readsCredentials of [true, false]) {
      using listener = await listenLent(address(folder), { readsCredentials });
      const conn = await Deno.connect({ transport: "unix", path: pathOf(listener.address) });
      const { value: peer } = await listener[Symbol.asyncIterator]().next();
      const credentials = { pid: Deno.pid, uid: Deno.uid(), gid: Deno.gid() };
      assertEquals(peer?.remote, { address: listener.address, ...(readsCredentials && { credentials }) });
      conn.close();
      peer?.close();
    }
  });
}

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

Deno.test("listen() refuses a name or port that is taken, and an address without a form", async () => {
  for (const address of [abstractAddress(), "tcp://127.0.0.1:0"]) {
    using listener = await listen(address);
    const message = `Cannot listen on ${listener.address}: Address in use by a live server`;
    await assertRejects(() => listen(listener.address), TtrpcError, message);
  }
  await assertRejects(() => listen("http://localhost"), TypeError, "the forms are");
});
