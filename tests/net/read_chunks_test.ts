import { assertEquals, assertStrictEquals } from "@std/assert";
import { buffers } from "../../src/connection/buffer_pool.ts";
import { FreshChunks, LentChunks, type ReadChunks } from "../../src/net/read_chunks.ts";

const PURE = { permissions: "none" } as const;
const IDLE = 4096;
const BUSY = 131_072;

/** Reads so many bytes of a value. */
function read(chunks: ReadChunks, bytes: number, value = 7): Uint8Array {
  chunks.nextBuffer().fill(value, 0, bytes);
  return chunks.chunk(bytes);
}

Deno.test("LentChunks gives a large buffer while reads fill the small one", PURE, () => {
  const chunks = new LentChunks();
  const lengths: number[] = [];
  for (const bytes of [1, IDLE - 1, IDLE, IDLE, BUSY, IDLE - 1, 1, IDLE, 1]) {
    const chunk = read(chunks, bytes);
    assertEquals(chunk, new Uint8Array(bytes).fill(7));
    lengths.push(chunk.buffer.byteLength);
  }
  assertEquals(lengths, [IDLE, IDLE, IDLE, BUSY, BUSY, BUSY, IDLE, IDLE, BUSY]);
});

Deno.test("LentChunks gives its large buffer back when the next chunk is asked for", PURE, () => {
  const chunks = new LentChunks();
  read(chunks, IDLE);
  const { buffer } = read(chunks, 10);
  const { keptBytes } = buffers;
  assertEquals(chunks.nextBuffer().length, IDLE);
  assertEquals(buffers.keptBytes, keptBytes + BUSY);
  const taken = buffers.take(BUSY);
  assertStrictEquals(taken.buffer, buffer);
});

Deno.test("LentChunks.end() gives the large buffer back, once", PURE, () => {
  const chunks = new LentChunks();
  read(chunks, IDLE);
  read(chunks, BUSY);
  const { keptBytes } = buffers;
  chunks.end();
  chunks.end();
  assertEquals(buffers.keptBytes, keptBytes + BUSY);
  new LentChunks().end();
  assertEquals(buffers.keptBytes, keptBytes + BUSY);
});

Deno.test("FreshChunks gives chunks of their own length, which it never writes again", PURE, () => {
  const chunks = new FreshChunks();
  const { keptBytes } = buffers;
  const sizes = [1, IDLE, BUSY, 10];
  const kept = sizes.map((bytes, i) => read(chunks, bytes, i));
  chunks.end();
  assertEquals(kept, sizes.map((bytes, i) => new Uint8Array(bytes).fill(i)));
  assertEquals(kept.map(({ buffer }) => buffer.byteLength), sizes);
  assertEquals(buffers.keptBytes, keptBytes);
});
