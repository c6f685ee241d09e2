import { assertEquals, assertStrictEquals } from "@std/assert";
import { BufferPool } from "../../src/connection/buffer_pool.ts";

const PURE = { permissions: "none" } as const;
const MIB = 1024 * 1024;

const LENGTHS: [asked: number, given: number][] = [
  [0, 4096],
  [1, 4096],
  [4096, 4096],
  [4097, 8192],
  [65_535, 65_536],
  [65_536, 65_536],
  [65_537, 131_072],
  [2 * MIB, 2 * MIB],
  [2 * MIB + 1, 2 * MIB + 1],
  [16_777_225, 16_777_225],
];

Deno.test("BufferPool.take() gives powers of two up to 2 MiB, above that what is asked for", PURE, () => {
  const pool = new BufferPool();
  for (const [asked, given] of LENGTHS) assertEquals(pool.take(asked).length, given, `${asked} bytes`);
});

Deno.test("BufferPool.take() gives a buffer again that came back, once, and where it fits", PURE, () => {
  const pool = new BufferPool();
  const buffer = pool.take(5000);
  pool.giveBack(buffer);
  assertEquals(pool.keptBytes, 8192);
  for (const bytes of [4096, 8193]) assertEquals(pool.take(bytes) === buffer, false);
  assertStrictEquals(pool.take(8192), buffer);
  assertEquals(pool.keptBytes, 0);
  assertEquals(pool.take(8192) === buffer, false);
});

Deno.test("BufferPool.giveBack() leaves to the collector what is not of its lengths", PURE, () => {
  const pool = new BufferPool();
  for (const bytes of [0, 100, 4095, 5000, 2 * MIB + 1, 4 * MIB]) pool.giveBack(new Uint8Array(bytes));
  assertEquals(pool.keptBytes, 0);
});

Deno.test("BufferPool keeps 8 MiB at most, and half of that of one length", PURE, () => {
  const pool = new BufferPool();
  for (let i = 0; i < 3; i++) pool.giveBack(new Uint8Array(2 * MIB));
  assertEquals(pool.keptBytes, 4 * MIB);
  for (let i = 0; i < 5; i++) pool.giveBack(new Uint8Array(MIB));
  pool.giveBack(new Uint8Array(4096));
  assertEquals(pool.keptBytes, 8 * MIB);
  pool.take(2 * MIB);
  pool.giveBack(new Uint8Array(4096));
  assertEquals(pool.keptBytes, 6 * MIB + 4096);
});
