import { assertEquals } from "@std/assert";
import { writeRaw } from "../../src/wire/write_raw.ts";

Deno.test("writeRaw() writes all bytes or some, few or many, and nothing beside them", {
  permissions: "none",
}, () => {
  const from = new Uint8Array(100).map((_, i) => i + 1);
  const ranges = [[0, 0], [0, 1], [0, 48], [0, 49], [0, 100], [3, 51], [3, 52], [99, 100], [
    100,
    100,
  ]] as const;
  for (const [start, end] of ranges) {
    const out = new Uint8Array(110);
    assertEquals(writeRaw(out, 5, from, start, end), 5 + end - start);
    const expected = new Uint8Array(110);
    expected.set(from.subarray(start, end), 5);
    assertEquals(out, expected, `${start} to ${end}`);
  }
  const out = new Uint8Array(100);
  assertEquals([writeRaw(out, 0, from), out], [100, from]);
});
