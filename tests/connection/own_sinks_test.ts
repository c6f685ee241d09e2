import { assertEquals } from "@std/assert";
import { isOwnSink, markOwnSink } from "../../src/connection/own_sinks.ts";
import { memoryDuplex } from "../../src/net/memory_duplex.ts";

Deno.test("isOwnSink() holds for a marked stream alone", { permissions: "none" }, async () => {
  const own = new WritableStream<Uint8Array>();
  assertEquals(isOwnSink(own), false);
  markOwnSink(own);
  const before = new TransformStream<Uint8Array, Uint8Array>();
  const carried = before.readable.pipeTo(own);
  assertEquals([isOwnSink(own), isOwnSink(before.writable)], [true, false]);
  await before.writable.close();
  await carried;
});

Deno.test(
  "isOwnSink() does not hold in memory: there, a chunk goes to its reader",
  { permissions: "none" },
  () => {
    assertEquals(memoryDuplex().map(({ writable }) => isOwnSink(writable)), [false, false]);
  },
);
