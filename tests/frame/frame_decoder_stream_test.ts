import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { concat } from "@std/bytes";
import { FixedChunkStream } from "@std/streams/unstable-fixed-chunk-stream";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import {
  FrameDecoderStream,
  type FrameDecoderStreamOptions,
  type OversizeFrame,
} from "../../src/frame/frame_decoder_stream.ts";
import { type Frame, FrameError } from "../../src/wire/frame.ts";

const PURE = { permissions: "none" } as const;

const FRAMES: Frame[] = [
  { streamId: 1, type: 1, flags: 6, body: new Uint8Array(0) },
  { streamId: 1, type: 3, flags: 0, body: new Uint8Array([1, 2, 3]) },
  { streamId: 0xffffffff, type: 2, flags: 0, body: new Uint8Array(20).fill(4) },
  { streamId: 1, type: 3, flags: 5, body: new Uint8Array(0) },
];
const BYTES = concat(FRAMES.map(encodeFrame));

function decode(bytes: Uint8Array, options?: FrameDecoderStreamOptions, size = 4): ReadableStream<Frame> {
  return ReadableStream.from([bytes])
    .pipeThrough(new FixedChunkStream(size))
    .pipeThrough(new FrameDecoderStream(options));
}

Deno.test("[F1] FrameDecoderStream finds the same frames in chunks of any size", PURE, async () => {
  for (let size = 1; size <= BYTES.length; size++) {
    const frames = await Array.fromAsync(decode(BYTES, {}, size));
    assertEquals(frames, FRAMES, `in chunks of ${size}`);
    for (const { body } of frames) assertEquals(body.buffer.byteLength, body.length);
  }
});

Deno.test("[F4] FrameDecoderStream reports a body over the limit and goes on", PURE, async () => {
  const seen: (Frame | OversizeFrame)[] = [];
  const options = { maxBodyBytes: 3, onOversize: (frame: OversizeFrame) => seen.push(frame) };
  for await (const frame of decode(BYTES, options)) seen.push(frame);
  const oversize = { streamId: 0xffffffff, type: 2, flags: 0, length: 20 };
  assertEquals(seen, [...FRAMES.slice(0, 2), oversize, ...FRAMES.slice(3)]);
});

Deno.test("[F4] FrameDecoderStream fails at a body over the limit if no one is told", PURE, async () => {
  const reader = decode(BYTES, { maxBodyBytes: 19 }).getReader();
  assertEquals((await reader.read()).value, FRAMES[0]);
  assertEquals((await reader.read()).value, FRAMES[1]);
  await assertRejects(
    () => reader.read(),
    FrameError,
    "Cannot decode a frame of stream 4294967295: its body of 20 bytes is over the limit",
  );
});

Deno.test("FrameDecoderStream fails with what onOversize throws", PURE, async () => {
  const reason = new Error("too much");
  const onOversize = () => {
    throw reason;
  };
  const error = await assertRejects(() => Array.fromAsync(decode(BYTES, { maxBodyBytes: 3, onOversize })));
  assertStrictEquals(error, reason);
});

Deno.test("[F3] FrameDecoderStream fails at a reserved length byte that isn't 0", PURE, async () => {
  const bytes = concat([BYTES, new Uint8Array(10).fill(1)]);
  await assertRejects(() => Array.fromAsync(decode(bytes)), FrameError, "reserved length byte");
});

Deno.test("[F5] FrameDecoderStream fails at an end inside a frame", PURE, async () => {
  for (const length of [1, 9, 15, BYTES.length - 1]) {
    const frames = Array.fromAsync(decode(BYTES.subarray(0, length)));
    await assertRejects(() => frames, FrameError, "unexpected end of stream");
  }
});

Deno.test("FrameDecoderStream refuses a limit that no frame can have", PURE, () => {
  assertThrows(() => new FrameDecoderStream({ maxBodyBytes: 2 ** 24 }), RangeError, "Cannot use 16777216");
});
