import { assertEquals, assertLessOrEqual, assertStrictEquals } from "@std/assert";
import { buffers } from "../../src/connection/buffer_pool.ts";
import { OutputBuffer } from "../../src/connection/output_buffer.ts";
import { type Frame, FRAME_HEADER_BYTES } from "../../src/wire/frame.ts";
import { dataFrame } from "../call_frames.ts";
import { decodeFrames } from "./frame_recorder.ts";

const PURE = { permissions: "none" } as const;

function put(output: OutputBuffer, { streamId, type, flags, body }: Frame): number {
  const at = output.begin(body.length);
  output.bytes.set(body, at);
  return output.commit(streamId, type, flags, at + body.length);
}

/** Begins a frame, writes to the end of the buffer, and does not commit. */
function scribble(output: OutputBuffer, bytes: number): void {
  const at = output.begin(bytes);
  output.bytes.fill(0xee, at);
}

function takeAll(output: OutputBuffer): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = output.take(); chunk !== undefined; chunk = output.take()) chunks.push(chunk);
  return chunks;
}

/** A frame whose body is all its own, so that an overwritten one shows. */
function filledFrame(streamId: number, bytes: number): Frame {
  return dataFrame(streamId, new Uint8Array(bytes).fill(streamId));
}

Deno.test("OutputBuffer gives frames in the order of their commits", PURE, () => {
  const sizes = [0, 1, 4000, 5000, 65_526, 65_527, 0, 200_000, 3];
  const frames = sizes.map((bytes, i) => filledFrame(i + 1, bytes));
  const output = new OutputBuffer();
  for (const frame of frames) assertEquals(put(output, frame), FRAME_HEADER_BYTES + frame.body.length);
  assertEquals(decodeFrames(takeAll(output)), frames);
  assertEquals(output.take(), undefined);
});

Deno.test("OutputBuffer.take() gives small frames of one burst as one chunk", PURE, () => {
  const output = new OutputBuffer();
  for (let id = 1; id <= 100; id++) put(output, filledFrame(id, 20));
  assertEquals(takeAll(output).length, 1);
});

Deno.test("OutputBuffer fills its buffers to the last byte", PURE, () => {
  const sizes = [100, 3996, 262_000, 144, FRAME_HEADER_BYTES];
  const frames = sizes.map((bytes, i) => filledFrame(i + 1, bytes - FRAME_HEADER_BYTES));
  const output = new OutputBuffer();
  for (const frame of frames) put(output, frame);
  const chunks = takeAll(output);
  assertEquals(chunks.map((chunk) => chunk.length), [4096, 262_144, FRAME_HEADER_BYTES]);
  assertEquals(decodeFrames(chunks), frames);
});

Deno.test("OutputBuffer gives a small burst no large buffer", PURE, () => {
  const output = new OutputBuffer();
  for (let id = 1; id < 4; id++) {
    put(output, filledFrame(id, 10));
    assertLessOrEqual(output.bytes.length, 4096);
    takeAll(output);
  }
});

Deno.test("OutputBuffer.begin() without commit leaves no trace", PURE, () => {
  const frames = [filledFrame(1, 10), filledFrame(2, 4080), filledFrame(3, 10)];
  const output = new OutputBuffer();
  for (const frame of frames) {
    for (const bytes of [5, 4086, 100_000, 0]) scribble(output, bytes);
    put(output, frame);
  }
  scribble(output, 70_000);
  assertEquals(decodeFrames(takeAll(output)), frames);
  output.begin(5);
  assertEquals(output.take(), undefined);
});

Deno.test("OutputBuffer.take() gives bytes that later frames do not touch", PURE, () => {
  const output = new OutputBuffer();
  put(output, filledFrame(1, 100));
  const taken = takeAll(output);
  put(output, filledFrame(2, 100));
  assertEquals(decodeFrames(taken), [filledFrame(1, 100)]);
  assertEquals(decodeFrames(takeAll(output)), [filledFrame(2, 100)]);
});

Deno.test("OutputBuffer.begin() in the middle of a frame gives that frame up, and no other", PURE, () => {
  for (const before of [[], [filledFrame(1, 10)]]) {
    const output = new OutputBuffer();
    for (const frame of before) put(output, frame);
    const at = output.begin(100);
    output.hold();
    const { bytes } = output;
    put(output, filledFrame(3, 20));
    put(output, filledFrame(5, 5000));
    assertEquals(output.bytes === bytes, false);
    // The encoder of the frame that was begun first does not know, and goes on.
    bytes.fill(0xee, at, at + 100);
    output.release();
    put(output, filledFrame(7, 30));
    const expected = [...before, filledFrame(3, 20), filledFrame(5, 5000), filledFrame(7, 30)];
    assertEquals(decodeFrames(takeAll(output)), expected);
  }
});

Deno.test(
  "OutputBuffer.begin() takes no other buffer where a frame was begun and nothing came of it",
  PURE,
  () => {
    const output = new OutputBuffer();
    put(output, filledFrame(1, 10));
    const { bytes } = output;
    for (let i = 0; i < 1000; i++) {
      output.begin(100);
      output.hold();
      output.release();
    }
    assertEquals(output.bytes === bytes, true);
  },
);

Deno.test("OutputBuffer begins a burst with a large buffer if the last one was large", PURE, () => {
  const output = new OutputBuffer();
  const lengths: number[] = [];
  for (const bytes of [100, 4086, 4087, 100, 50_000, 10, 10]) {
    put(output, filledFrame(1, bytes));
    lengths.push(output.bytes.length);
    takeAll(output);
  }
  assertEquals(lengths, [4096, 4096, 8192, 262_144, 65_536, 262_144, 4096]);
});

Deno.test("OutputBuffer fills large buffers after the first small one of a burst", PURE, () => {
  const output = new OutputBuffer();
  for (let id = 1; id <= 9; id++) put(output, filledFrame(id, 65_536 - FRAME_HEADER_BYTES));
  assertEquals(takeAll(output).map(({ length }) => length), [65_536, 262_144, 262_144]);
});

Deno.test("OutputBuffer writes into buffers that were given back", PURE, () => {
  const output = new OutputBuffer();
  put(output, filledFrame(1, 10));
  const first = output.take();
  put(output, filledFrame(3, 10));
  assertEquals(output.bytes.buffer === first?.buffer, false);
  takeAll(output);
  if (first !== undefined) buffers.giveBack(new Uint8Array(first.buffer));
  put(output, filledFrame(5, 10));
  assertStrictEquals(output.bytes.buffer, first?.buffer);
  assertEquals(decodeFrames(takeAll(output)), [filledFrame(5, 10)]);
});
