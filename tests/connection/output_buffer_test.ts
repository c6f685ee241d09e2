import { assertEquals, assertLessOrEqual } from "@std/assert";
import { OutputBuffer } from "../../src/connection/output_buffer.ts";
import { type Frame, FRAME_HEADER_BYTES } from "../../src/wire/frame.ts";
import { dataFrame } from "../call_frames.ts";
import { decodeFrames } from "./frame_recorder.ts";

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

Deno.test("OutputBuffer gives frames in the order of their commits", { permissions: "none" }, () => {
  const sizes = [0, 1, 4000, 5000, 65_526, 65_527, 0, 200_000, 3];
  const frames = sizes.map((bytes, i) => filledFrame(i + 1, bytes));
  const output = new OutputBuffer();
  for (const frame of frames) assertEquals(put(output, frame), FRAME_HEADER_BYTES + frame.body.length);
  assertEquals(decodeFrames(takeAll(output)), frames);
  assertEquals(output.take(), undefined);
});

Deno.test("OutputBuffer.take() gives small frames of one burst as one chunk", { permissions: "none" }, () => {
  const output = new OutputBuffer();
  for (let id = 1; id <= 100; id++) put(output, filledFrame(id, 20));
  assertEquals(takeAll(output).length, 1);
});

Deno.test("OutputBuffer fills its buffers to the last byte", { permissions: "none" }, () => {
  const sizes = [100, 3996, 262_000, 144, FRAME_HEADER_BYTES];
  const frames = sizes.map((bytes, i) => filledFrame(i + 1, bytes - FRAME_HEADER_BYTES));
  const output = new OutputBuffer();
  for (const frame of frames) put(output, frame);
  const chunks = takeAll(output);
  assertEquals(chunks.map((chunk) => chunk.length), [4096, 262_144, FRAME_HEADER_BYTES]);
  assertEquals(decodeFrames(chunks), frames);
});

Deno.test("OutputBuffer gives a small burst no large buffer", { permissions: "none" }, () => {
  const output = new OutputBuffer();
  for (let id = 1; id < 4; id++) {
    put(output, filledFrame(id, 10));
    assertLessOrEqual(output.bytes.length, 4096);
    takeAll(output);
  }
});

Deno.test("OutputBuffer.begin() without commit leaves no trace", { permissions: "none" }, () => {
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

Deno.test("OutputBuffer.take() gives bytes that later frames do not touch", { permissions: "none" }, () => {
  const output = new OutputBuffer();
  put(output, filledFrame(1, 100));
  const taken = takeAll(output);
  put(output, filledFrame(2, 100));
  assertEquals(decodeFrames(taken), [filledFrame(1, 100)]);
  assertEquals(decodeFrames(takeAll(output)), [filledFrame(2, 100)]);
});
