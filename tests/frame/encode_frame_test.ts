import { assertEquals, assertThrows } from "@std/assert";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { type Frame, MAX_BODY_BYTES } from "../../src/wire/frame.ts";

const PURE = { permissions: "none" } as const;

const FRAME: Frame = { streamId: 1, type: 3, flags: 0, body: new Uint8Array([7]) };

Deno.test("[F1] encodeFrame() puts the body after its header", PURE, () => {
  assertEquals(encodeFrame(FRAME), new Uint8Array([0, 0, 0, 1, 0, 0, 0, 1, 3, 0, 7]));
  const most = { streamId: 0xffffffff, type: 255, flags: 255, body: new Uint8Array(MAX_BODY_BYTES) };
  assertEquals(encodeFrame(most).subarray(0, 10), new Uint8Array([0, ...new Uint8Array(9).fill(255)]));
});

Deno.test("encodeFrame() gives memory of its own", PURE, () => {
  const body = new Uint8Array([7]);
  const bytes = encodeFrame({ ...FRAME, body });
  body[0] = 8;
  assertEquals(bytes[10], 7);
  assertEquals(bytes.buffer.byteLength, 11);
});

Deno.test("encodeFrame() refuses what a header has no room for", PURE, () => {
  const cases: [part: Partial<Frame>, message: string][] = [
    [{ streamId: -1 }, "stream id -1: not a whole number of 0 to 4294967295"],
    [{ streamId: 2 ** 32 }, "stream id 4294967296"],
    [{ streamId: 0.5 }, "stream id 0.5"],
    [{ type: NaN }, "type NaN"],
    [{ type: 256 }, "type 256: not a whole number of 0 to 255"],
    [{ flags: -1 }, "flags -1"],
    [{ flags: 256 }, "flags 256"],
    [{ body: new Uint8Array(MAX_BODY_BYTES + 1) }, "16777216: not a whole number of 0 to 16777215"],
  ];
  for (const [part, message] of cases) {
    assertThrows(() => encodeFrame({ ...FRAME, ...part }), RangeError, message);
  }
});
