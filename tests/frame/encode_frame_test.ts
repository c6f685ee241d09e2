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
    [{ streamId: -1 }, "-1 as streamId: not a whole number from 0 to 4294967295"],
    [{ streamId: 2 ** 32 }, "4294967296 as streamId"],
    [{ streamId: 0.5 }, "0.5 as streamId"],
    [{ type: NaN }, "NaN as type"],
    [{ type: 256 }, "256 as type: not a whole number from 0 to 255"],
    [{ flags: -1 }, "-1 as flags"],
    [{ flags: 256 }, "256 as flags"],
    [
      { body: new Uint8Array(MAX_BODY_BYTES + 1) },
      "16777216 as the length of a body: not a whole number from 0 to 16777215",
    ],
  ];
  for (const [part, message] of cases) {
    assertThrows(() => encodeFrame({ ...FRAME, ...part }), RangeError, message);
  }
});
