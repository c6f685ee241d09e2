import { assertEquals, assertStrictEquals } from "@std/assert";
import { buffers } from "../../src/connection/buffer_pool.ts";
import { FreshChunks, LentChunks, type ReadChunks } from "../../src/net/read_chunks.ts";

const PURE = { permissions: "none" } as const;
const IDLE = 1024;
const USUAL = 4096;
const BUSY = 262_144;
const FRESH = 65_536;

/** Reads so many bytes of a value. */
function read(chunks: ReadChunks, bytes: number, value = 7): Uint8Array {
  chunks.nextBuffer().fill(value, 0, bytes);
  return chunks.chunk(bytes);
}

Deno.test("LentChunks gives larger buffers while reads fill the smaller ones", PURE, () => {
  const chunks = new LentChunks();
  const reads: [bytes: number, buffer: number][] = [
    [1, IDLE],
    [IDLE - 1, IDLE],
    [IDLE, IDLE],
    [USUAL - 1, USUAL],
    [1, USUAL],
    // The one before was large: it may have been the beginning of this one.
    [1, USUAL],
    [1, IDLE],
    [IDLE, IDLE],
    [USUAL, USUAL],
    [BUSY, BUSY],
    [BUSY / 4, BUSY],
    [BUSY / 4 - 1, BUSY],
    [10, USUAL],
    [10, USUAL],
    [10, IDLE],
  ];
  for (const [bytes, buffer] of reads) {
    const chunk = read(chunks, bytes);
    assertEquals(chunk, new Uint8Array(bytes).fill(7));
    assertEquals(chunk.buffer.byteLength, buffer);
  }
});

Deno.test("LentChunks gives its large buffer back when the next chunk is asked for", PURE, () => {
  const chunks = new LentChunks();
  read(chunks, IDLE);
  read(chunks, USUAL);
  const { buffer } = read(chunks, 10);
  const { keptBytes } = buffers;
  assertEquals(chunks.nextBuffer().length, USUAL);
  assertEquals(buffers.keptBytes, keptBytes + BUSY - USUAL);
  const taken = buffers.take(BUSY);
  assertStrictEquals(taken.buffer, buffer);
});

Deno.test("LentChunks.end() gives the large buffer back, once", PURE, () => {
  const chunks = new LentChunks();
  read(chunks, IDLE);
  read(chunks, USUAL);
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
  const sizes = [1, IDLE, FRESH, 10];
  const kept = sizes.map((bytes, i) => read(chunks, bytes, i));
  chunks.end();
  assertEquals(kept, sizes.map((bytes, i) => new Uint8Array(bytes).fill(i)));
  assertEquals(kept.map(({ buffer }) => buffer.byteLength), sizes);
  assertEquals(buffers.keptBytes, keptBytes);
});
