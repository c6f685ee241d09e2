import { assertEquals } from "@std/assert";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { ProtobufWriter } from "../../src/wire/protobuf_writer.ts";

const PURE = { permissions: "none" } as const;

Deno.test("ProtobufWriter.int64() writes what protobuf-es writes", PURE, () => {
  for (let bits = 0n; bits < 64n; bits++) {
    for (const value of [1n << bits, (1n << bits) - 1n, -(1n << bits)]) {
      if (value === 0n || value >= 1n << 63n) continue;
      const expected = new BinaryWriter().tag(4, 0).int64(value).finish();
      assertEquals(new ProtobufWriter().int64(4, value).finish(), expected, String(value));
    }
  }
});

Deno.test("[E1] ProtobufWriter leaves default values out, but not a message", PURE, () => {
  const writer = new ProtobufWriter().string(1, "").bytes(2, new Uint8Array(0)).int64(3, 0n);
  assertEquals(writer.finish(), new Uint8Array(0));
  assertEquals(writer.message(1, new Uint8Array(0)).finish(), new Uint8Array([0x0a, 0]));
});

Deno.test("ProtobufWriter grows with what is written", PURE, () => {
  // 128 bytes are there at first; each of these begins right before, at or after some end.
  for (let length = 110; length < 140; length++) {
    const text = "ü".repeat(length / 2) + "a".repeat(length % 2);
    const value = new Uint8Array(3 * length).fill(length);
    assertEquals(
      new ProtobufWriter().string(1, text).int64(2, -1n).bytes(2000, value).int64(3, 5n).finish(),
      new BinaryWriter().tag(1, 2).string(text).tag(2, 0).int64(-1n).tag(2000, 2).bytes(value).tag(3, 0)
        .int64(5n).finish(),
    );
  }
});

Deno.test("ProtobufWriter.finish() gives memory that is not written again", PURE, () => {
  const writer = new ProtobufWriter().int64(1, 1n);
  const bytes = writer.finish();
  writer.int64(1, 2n);
  assertEquals(bytes, new Uint8Array([8, 1]));
  assertEquals(bytes.buffer.byteLength, 2);
});
