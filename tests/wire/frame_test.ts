import { assertEquals, assertThrows } from "@std/assert";
import {
  FRAME_HEADER_BYTES,
  FrameError,
  FrameFlag,
  FrameType,
  MAX_BODY_BYTES,
  readUint32,
  writeFrameHeader,
} from "../../src/wire/frame.ts";

const HEADERS: [length: number, streamId: number, type: number, flags: number, bytes: number[]][] = [
  [0, 0, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]],
  [0x010203, 0x04050607, FrameType.Data, FrameFlag.NoData, [0, 1, 2, 3, 4, 5, 6, 7, 3, 4]],
  [4_194_304, 1, FrameType.Request, FrameFlag.RemoteOpen | FrameFlag.NoData, [0, 64, 0, 0, 0, 0, 0, 1, 1, 6]],
  [0x80, 0x80, FrameType.Response, FrameFlag.RemoteClosed, [0, 0, 0, 128, 0, 0, 0, 128, 2, 1]],
  [MAX_BODY_BYTES, 0xffffffff, 0xff, 0xff, [0, 255, 255, 255, 255, 255, 255, 255, 255, 255]],
];

Deno.test("[F1] writeFrameHeader() lays ten bytes out", { permissions: "none" }, () => {
  for (const [length, streamId, type, flags, expected] of HEADERS) {
    const out = new Uint8Array(FRAME_HEADER_BYTES + 2).fill(0xaa);
    writeFrameHeader(out, 1, length, streamId, type, flags);
    assertEquals([...out], [0xaa, ...expected, 0xaa]);
  }
});

Deno.test(
  "readUint32() reads numbers without a sign, and nothing beyond the end",
  { permissions: "none" },
  () => {
    assertEquals(readUint32(new Uint8Array([9, 0xff, 0xfe, 0xfd, 0xfc]), 1), 0xfffefdfc);
    assertThrows(() => readUint32(new Uint8Array(5), 2), RangeError, "Cannot read 4 bytes at 2: there are 5");
  },
);

Deno.test("FrameError can be told by its name", { permissions: "none" }, () => {
  assertEquals(new FrameError("Cannot decode a frame").toString(), "FrameError: Cannot decode a frame");
});
