import { assert, assertEquals, assertNotEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { equals } from "@std/bytes";
import { toBytes } from "@std/streams/unstable-to-bytes";
import { isOwnSink } from "../../src/connection/own_sinks.ts";
import { SocketDuplex } from "../../src/net/socket_duplex.ts";
import { isPending } from "../is_pending.ts";
import { TempFolder } from "./temp_folder.ts";

type Chunks = "fresh" | "lent";
type Transport = "unix" | "tcp";

/** Two sockets that are connected. */
async function connPair(transport: Transport): Promise<Deno.Conn[]> {
  if (transport === "tcp") {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    return await Promise.all([Deno.connect({ port: listener.addr.port }), listener.accept()]);
  }
  using folder = new TempFolder();
  const path = folder.file("a.sock");
  using listener = Deno.listen({ transport, path });
  return await Promise.all([Deno.connect({ transport, path }), listener.accept()]);
}

/** Two duplexes that are each other's peer, over a real socket. */
async function socketPair(
  chunks: Chunks,
  transport: Transport = "unix",
): Promise<[SocketDuplex, SocketDuplex]> {
  const conns = await connPair(transport);
  const [left, right] = conns.map((conn) => new SocketDuplex(conn, { address: "test" }, chunks));
  assert(left !== undefined && right !== undefined);
  return [left, right];
}

/** Bytes of which no two stretches are alike. */
function pattern(length: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(length / 4)).map((_, i) => Math.imul(i, 0x9e3779b1));
  return new Uint8Array(words.buffer, 0, length);
}

async function write(duplex: SocketDuplex, chunk: Uint8Array): Promise<void> {
  const writer = duplex.writable.getWriter();
  await writer.write(chunk);
  writer.releaseLock();
}

const EACH: [chunks: Chunks, transport: Transport][] = [
  ["fresh", "unix"],
  ["lent", "unix"],
  ["fresh", "tcp"],
  ["lent", "tcp"],
];

for (const [chunks, transport] of EACH) {
  const about = `over ${transport}, with ${chunks} chunks`;

  Deno.test(`SocketDuplex closes each half alone, ${about}`, async () => {
    const [left, right] = await socketPair(chunks, transport);
    const toRight = toBytes(right.readable);
    await write(left, new Uint8Array([1, 2, 3]));
    await left.writable.close();
    assertEquals(await toRight, new Uint8Array([1, 2, 3]));
    const toLeft = toBytes(left.readable);
    await write(right, new Uint8Array([4]));
    assertEquals(await isPending(toLeft), true);
    await right.writable.close();
    assertEquals(await toLeft, new Uint8Array([4]));
    left.close();
    right.close();
  });

  Deno.test(`SocketDuplex.close() ends a pending read, ${about}`, async () => {
    const [left, right] = await socketPair(chunks, transport);
    const reader = left.readable.getReader();
    const read = reader.read();
    assertEquals(await isPending(read), true);
    left.close();
    left.close();
    assertEquals(await read, { done: true, value: undefined });
    assertEquals((await right.readable.getReader().read()).done, true);
    right.close();
    left.ref();
    left.unref();
  });

  Deno.test(`SocketDuplex writes and reads all of 8 MiB, ${about}`, async () => {
    const [left, right] = await socketPair(chunks, transport);
    const sent = pattern(8 * 1024 * 1024);
    const received = new Uint8Array(sent.length);
    const done = write(left, sent).then(() => left.writable.close());
    let at = 0;
    for await (const chunk of right.readable) {
      received.set(chunk, at);
      at += chunk.length;
    }
    await done;
    assertEquals([at, left.writtenBytes], [sent.length, sent.length]);
    // Comparing byte by byte with assertEquals would take seconds.
    assert(sent.every((byte, i) => byte === received[i]));
    left.close();
    right.close();
  });
}

Deno.test("SocketDuplex gives fresh chunks to whoever reads them", async () => {
  const [left, right] = await socketPair("fresh");
  const reader = right.readable.getReader();
  const chunks: Uint8Array[] = [];
  for (let i = 1; i <= 3; i++) {
    await write(left, new Uint8Array(100).fill(i));
    const { value } = await reader.read();
    if (value !== undefined) chunks.push(value);
  }
  assertEquals(chunks, [1, 2, 3].map((i) => new Uint8Array(100).fill(i)));
  assertEquals(chunks.map(({ buffer }) => buffer.byteLength), [100, 100, 100]);
  left.close();
  right.close();
});

Deno.test("SocketDuplex lends one buffer, and asks the socket only when asked", async () => {
  const [left, right] = await socketPair("lent");
  const reader = right.readable.getReader();
  await write(left, new Uint8Array(100).fill(1));
  const first = (await reader.read()).value;
  await write(left, new Uint8Array(50).fill(2));
  assertEquals(await isPending(new Promise(() => {})), true);
  assertEquals(first, new Uint8Array(100).fill(1));
  const second = (await reader.read()).value;
  assertEquals(second, new Uint8Array(50).fill(2));
  assertStrictEquals(first?.buffer, second?.buffer);
  assertNotEquals(first, new Uint8Array(100).fill(1));
  left.close();
  right.close();
});

Deno.test("SocketDuplex lends a large buffer while much comes, and a small one when little does", async () => {
  const [left, right] = await socketPair("lent");
  const reader = right.readable.getReader();
  /** The lengths of the buffers that so many bytes come in. */
  const carry = async (bytes: number): Promise<number[]> => {
    const written = write(left, pattern(bytes));
    const lengths: number[] = [];
    for (let rest = bytes; rest > 0;) {
      const chunk = (await reader.read()).value ?? new Uint8Array(0);
      rest -= chunk.length;
      lengths.push(chunk.buffer.byteLength);
    }
    await written;
    return lengths;
  };
  assertEquals(await carry(10), [1024]);
  const [first, second, ...others] = await carry(1024 * 1024);
  assertEquals([first, second, new Set(others)], [1024, 4096, new Set([262_144])]);
  for (let i = 0; i < 2; i++) await carry(10);
  assertEquals(await carry(10), [1024]);
  left.close();
  right.close();
});

Deno.test("SocketDuplex is done with a chunk once its write has resolved, and says so", async () => {
  const [left, right] = await socketPair("fresh");
  const chunk = pattern(1024 * 1024);
  const sent = chunk.slice();
  const received = toBytes(right.readable);
  await write(left, chunk);
  chunk.fill(0);
  await left.writable.close();
  assert(equals(await received, sent));
  assertEquals([left, right].map(({ writable }) => isOwnSink(writable)), [true, true]);
  left.close();
  right.close();
});

Deno.test("SocketDuplex closes its socket when one of its streams is given up", async () => {
  const giveUps: ((duplex: SocketDuplex) => Promise<void>)[] = [
    (duplex) => duplex.readable.cancel(),
    (duplex) => duplex.writable.abort(),
  ];
  for (const giveUp of giveUps) {
    const [left, right] = await socketPair("lent");
    await giveUp(left);
    assertEquals((await right.readable.getReader().read()).done, true);
    right.close();
  }
});

Deno.test("SocketDuplex fails a write to a peer that is gone, and closes its half all the same", async () => {
  const [left, right] = await socketPair("lent");
  right.close();
  await left.writable.close();
  left.close();
  const [again, gone] = await socketPair("lent");
  gone.close();
  await assertRejects(() => write(again, new Uint8Array(1)), Deno.errors.BrokenPipe);
  again.close();
});

Deno.test("SocketDuplex.close() fails a write that waits for the peer", async () => {
  const [left, right] = await socketPair("lent");
  const written = write(left, pattern(8 * 1024 * 1024));
  assertEquals(await isPending(written), true);
  left.close();
  await assertRejects(() => written);
  right.close();
});

Deno.test("[Z1] SocketDuplex tells of the end after what was written before it", async () => {
  const [left, right] = await connPair("unix");
  assert(left !== undefined && right !== undefined);
  // The system takes the bytes, and its word comes a little later than the end: that no real socket does when
  // it is asked to.
  const write = left.write.bind(left);
  left.write = async (chunk) => {
    const bytes = await write(chunk);
    await right.read(new Uint8Array(10));
    right.close();
    await end;
    for (let i = 0; i < 20; i++) await Promise.resolve();
    return bytes;
  };
  const { promise: end, resolve } = Promise.withResolvers<void>();
  const read = left.read.bind(left);
  left.read = async (buffer) => {
    const bytes = await read(buffer);
    resolve();
    return bytes;
  };
  const duplex = new SocketDuplex(left, { address: "test" }, "fresh");
  const writing = duplex.writable.getWriter().write(new Uint8Array(10));
  const { done } = await duplex.readable.getReader().read();
  assertEquals([done, duplex.writtenBytes], [true, 10]);
  await writing;
  duplex.close();
});
