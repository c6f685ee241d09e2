import { assertEquals, assertRejects } from "@std/assert";
import { toBytes } from "@std/streams/unstable-to-bytes";
import { memoryDuplex } from "../../src/net/memory_duplex.ts";
import { isPending } from "../is_pending.ts";

const bytes = (...values: number[]) => new Uint8Array(values);

Deno.test(
  "memoryDuplex() carries bytes both ways, and knows no address",
  { permissions: "none" },
  async () => {
    const [left, right] = memoryDuplex();
    for (const [from, to] of [[left, right], [right, left]] as const) {
      const writer = from.writable.getWriter();
      const received = toBytes(to.readable);
      for (const chunk of [bytes(1, 2), bytes(3)]) await writer.write(chunk);
      await writer.close();
      assertEquals(await received, bytes(1, 2, 3));
      assertEquals(from.remote, { address: "memory" });
    }
  },
);

Deno.test("memoryDuplex() closes one half without the other", { permissions: "none" }, async () => {
  const [left, right] = memoryDuplex();
  await left.writable.close();
  assertEquals(await toBytes(right.readable), bytes());
  const writer = right.writable.getWriter();
  const received = toBytes(left.readable);
  await writer.write(bytes(7));
  await writer.close();
  assertEquals(await received, bytes(7));
});

Deno.test("memoryDuplex() makes a writer wait for its reader", { permissions: "none" }, async () => {
  const [left, right] = memoryDuplex();
  const writer = left.writable.getWriter();
  const writes = [writer.write(bytes(1)), writer.write(bytes(2))];
  assertEquals([await isPending(Promise.race(writes)), writer.desiredSize], [true, -1]);
  const reader = right.readable.getReader();
  assertEquals((await reader.read()).value, bytes(1));
  await writes[0];
  assertEquals(await isPending(Promise.all(writes)), true);
  left.close();
  await assertRejects(() => Promise.all(writes), TypeError);
  assertEquals((await reader.read()).done, true);
});

for (const side of [0, 1]) {
  Deno.test(`memoryDuplex() closes all of it from side ${side}`, { permissions: "none" }, async () => {
    const ends = memoryDuplex();
    const readers = ends.map(({ readable }) => readable.getReader());
    const writers = ends.map(({ writable }) => writable.getWriter());
    const reads = readers.map((reader) => reader.read());
    ends[side]?.close();
    ends[side]?.close();
    ends[1 - side]?.close();
    assertEquals((await Promise.all(reads)).map(({ done }) => done), [true, true]);
    for (const writer of writers) {
      await assertRejects(() => writer.closed, TypeError);
      await assertRejects(() => writer.write(bytes(1)), TypeError);
    }
  });
}
