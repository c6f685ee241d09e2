import { assertEquals } from "@std/assert";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { varintBytes, writeVarint } from "../../src/wire/varint.ts";

const PURE = { permissions: "none" } as const;

Deno.test("writeVarint() writes as many bytes as varintBytes() says", PURE, () => {
  const edges = [7, 14, 21, 28, 32].flatMap((bits) => [2 ** bits - 1, 2 ** bits]).slice(0, -1);
  for (const value of [0, 1, ...edges]) {
    const out = new Uint8Array(8);
    const end = writeVarint(out, 1, value);
    assertEquals(out.subarray(1, end), new BinaryWriter().uint32(value).finish(), String(value));
    assertEquals(end - 1, varintBytes(value), String(value));
  }
});
