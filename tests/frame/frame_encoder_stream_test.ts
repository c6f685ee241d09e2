import { assertEquals, assertRejects } from "@std/assert";
import { concat } from "@std/bytes";
import { toArrayBuffer } from "@std/streams";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { FrameDecoderStream } from "../../src/frame/frame_decoder_stream.ts";
import { FrameEncoderStream } from "../../src/frame/frame_encoder_stream.ts";
import type { Frame } from "../../src/wire/frame.ts";
import { randomChunks } from "../chunks.ts";
import { withRandom } from "../random.ts";

const PURE = { permissions: "none" } as const;

const FRAME: Frame = { streamId: 1, type: 3, flags: 0, body: new Uint8Array([7]) };

Deno.test("FrameEncoderStream gives one chunk for each frame", PURE, async () => {
  const frames = [FRAME, { ...FRAME, flags: 5, body: new Uint8Array(0) }];
  const chunks = await Array.fromAsync(ReadableStream.from(frames).pipeThrough(new FrameEncoderStream()));
  assertEquals(chunks, frames.map(encodeFrame));
});

Deno.test("FrameEncoderStream fails at a frame that can't be encoded, after those before", PURE, async () => {
  const frames = ReadableStream.from([FRAME, { ...FRAME, type: 256 }, FRAME]);
  const reader = frames.pipeThrough(new FrameEncoderStream()).getReader();
  assertEquals((await reader.read()).value, encodeFrame(FRAME));
  await assertRejects(() => reader.read(), RangeError, "Cannot use 256 as type");
});

Deno.test(
  "FrameEncoderStream gives the bytes that went into a FrameDecoderStream",
  PURE,
  () =>
    withRandom(async (random) => {
      const frames = Array.from({ length: 100 }, (): Frame => ({
        streamId: random.below(2 ** 32),
        type: random.below(256),
        flags: random.below(256),
        body: random.bytes(random.pick([0, 1, 30, 700])),
      }));
      const bytes = concat(frames.map(encodeFrame));
      const copied = ReadableStream.from(randomChunks(bytes, random, 100))
        .pipeThrough(new FrameDecoderStream())
        .pipeThrough(new FrameEncoderStream());
      assertEquals(new Uint8Array(await toArrayBuffer(copied)), bytes);
    }),
);
