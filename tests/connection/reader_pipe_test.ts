import { concat } from "@std/bytes";
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { ReaderPipe } from "../../src/connection/reader_pipe.ts";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { FrameError } from "../../src/wire/frame.ts";
import { FrameDecoder } from "../../src/wire/frame_decoder.ts";
import { dataFrame } from "../call_frames.ts";
import { chunksOf } from "../chunks.ts";
import { isPending } from "../is_pending.ts";
import { FrameRecorder } from "./frame_recorder.ts";

const FRAMES = [0, 1, 700].map((bytes, i) => dataFrame(i + 1, new Uint8Array(bytes).fill(i)));
const BYTES = concat(FRAMES.map(encodeFrame));

for (const size of [1, 7, 10, BYTES.length]) {
  Deno.test(`ReaderPipe.run() finds frames in chunks of ${size} bytes`, { permissions: "none" }, async () => {
    const readable = ReadableStream.from(chunksOf(BYTES, size));
    const recorder = new FrameRecorder();
    await new ReaderPipe(readable, new FrameDecoder()).run(recorder);
    assertEquals(recorder.frames, FRAMES);
    assertEquals(readable.locked, false);
  });
}

Deno.test("[F5] ReaderPipe.run() rejects for an end inside a frame", { permissions: "none" }, async () => {
  const readable = ReadableStream.from([BYTES.subarray(0, -1)]);
  const recorder = new FrameRecorder();
  await assertRejects(() => new ReaderPipe(readable, new FrameDecoder()).run(recorder), FrameError);
  assertEquals(recorder.frames, FRAMES.slice(0, 2));
  assertEquals(readable.locked, false);
});

Deno.test("ReaderPipe.run() rejects with what stream or sink throw", { permissions: "none" }, async () => {
  const error = new Error("no luck");
  const failing = new ReadableStream<Uint8Array>({
    pull() {
      throw error;
    },
  });
  const run = () => new ReaderPipe(failing, new FrameDecoder()).run(new FrameRecorder());
  assertStrictEquals(await assertRejects(run), error);
  assertEquals(failing.locked, false);

  const readable = ReadableStream.from([BYTES]);
  const recorder = new FrameRecorder();
  recorder.frame = () => {
    throw error;
  };
  assertStrictEquals(
    await assertRejects(() => new ReaderPipe(readable, new FrameDecoder()).run(recorder)),
    error,
  );
  assertEquals(readable.locked, false);
});

Deno.test(
  "[S14] ReaderPipe.run() decodes no further frame while it is to pause",
  { permissions: "none" },
  async () => {
    const recorder = new FrameRecorder();
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    const pause = () => ++asked === 3 ? gate.promise : undefined;
    const run = new ReaderPipe(ReadableStream.from([BYTES]), new FrameDecoder()).run(recorder, pause);
    assertEquals([await isPending(run), recorder.frames], [true, FRAMES.slice(0, 2)]);
    gate.resolve();
    await run;
    assertEquals(recorder.frames, FRAMES);
  },
);

Deno.test("ReaderPipe asks for no chunk before it is done with one", { permissions: "none" }, async () => {
  const lent = new Uint8Array(BYTES.length);
  const chunks = [...chunksOf(BYTES, 9)];
  const readable = new ReadableStream<Uint8Array>({
    async pull(controller) {
      lent.fill(0xee);
      assertEquals(await isPending(new Promise(() => {})), true);
      const chunk = chunks.shift();
      if (chunk === undefined) return controller.close();
      lent.set(chunk);
      controller.enqueue(lent.subarray(0, chunk.length));
    },
  }, { highWaterMark: 0 });
  const recorder = new FrameRecorder();
  await new ReaderPipe(readable, new FrameDecoder()).run(recorder);
  assertEquals(recorder.frames, FRAMES);
});
