import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { copyBytes } from "../../../src/rpc/codec/byte_pool.ts";

const SIZES = [0, 1, 32, 33, 500, 1024, 1025, 9000];

for (const size of SIZES) {
  Deno.test(`copyBytes() copies ${size} bytes that it never writes again`, { permissions: "none" }, () => {
    const lent = new Uint8Array(size + 2).map((_, i) => i);
    const copies = Array.from({ length: 40 }, () => copyBytes(lent, 1, size + 1));
    const expected = lent.slice(1, size + 1);
    lent.fill(0xff);
    for (const copy of copies) assertEquals(copy, expected);
  });
}

Deno.test("copyBytes() gives nothing small that keeps a large buffer", { permissions: "none" }, () => {
  const lent = new Uint8Array(100_000);
  for (const size of SIZES) {
    assertLessOrEqual(copyBytes(lent, 0, size).buffer.byteLength, Math.max(size, 8192));
  }
});

Deno.test("copyBytes() gives no two copies the same bytes", { permissions: "none" }, () => {
  const lent = new Uint8Array(1000);
  const copies = Array.from({ length: 20 }, () => copyBytes(lent, 0, 1000));
  for (const [i, copy] of copies.entries()) copy.fill(i + 1);
  assert(copies.every((copy, i) => copy.every((byte) => byte === i + 1)));
});
