import { concat } from "@std/bytes";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { DEFAULT_MAX_BODY_BYTES, type Frame, FrameError, MAX_BODY_BYTES } from "../../src/wire/frame.ts";
import { FrameDecoder, type FrameSink } from "../../src/wire/frame_decoder.ts";
import { chunksOf, randomChunks } from "../chunks.ts";
import { withRandom } from "../random.ts";
import { decodeChunks, RecordingSink } from "./decode_chunks.ts";

const PURE = { permissions: "none" } as const;

const FRAMES: Frame[] = [
  { streamId: 1, type: 1, flags: 0, body: new Uint8Array([1, 2, 3]) },
  { streamId: 0, type: 0, flags: 0, body: new Uint8Array(0) },
  { streamId: 0xffffffff, type: 3, flags: 5, body: new Uint8Array(0) },
  { streamId: 0x80000001, type: 2, flags: 6, body: new Uint8Array(40).map((_, index) => 255 - index) },
  { streamId: 5, type: 3, flags: 1, body: new Uint8Array(0) },
];
const BYTES = concat(FRAMES.map(encodeFrame));

/** The header of a frame whose body may be missing. */
function header(length: number, streamId = 1, type = 1): Uint8Array {
  const bytes = encodeFrame({ streamId, type, flags: 0, body: new Uint8Array(0) });
  new DataView(bytes.buffer).setUint32(0, length);
  return bytes;
}

Deno.test("[F1] FrameDecoder.push() finds the same frames in chunks of any size", PURE, () => {
  for (let size = 1; size <= BYTES.length; size++) {
    assertEquals(decodeChunks(new FrameDecoder(), chunksOf(BYTES, size)), FRAMES, `in chunks of ${size}`);
  }
});

Deno.test(
  "[F1] FrameDecoder.push() finds the same frames in random cuts",
  PURE,
  () =>
    withRandom((random) => {
      for (let i = 0; i < 200; i++) {
        const frames = random.shuffle([...FRAMES, ...FRAMES]);
        const chunks = randomChunks(concat(frames.map(encodeFrame)), random, 1 + random.below(30));
        assertEquals(decodeChunks(new FrameDecoder(), chunks), frames);
      }
    }),
);

Deno.test(
  "FrameDecoder.push() lends a body that lies in one chunk and gives one that doesn't away",
  PURE,
  () => {
    const bodies: [body: Uint8Array, isOwned: boolean][] = [];
    const sink: FrameSink = {
      frame: (_streamId, _type, _flags, body, isOwned) => bodies.push([body, isOwned]),
      oversize: () => {},
    };
    const bytes = encodeFrame({ streamId: 1, type: 3, flags: 0, body: new Uint8Array([7, 8, 9]) });
    const decoder = new FrameDecoder();
    for (const cut of [0, 4, 10]) {
      const chunk = bytes.slice(cut);
      decoder.push(bytes.subarray(0, cut), sink);
      decoder.push(chunk, sink);
      const [body, isOwned] = bodies.pop() ?? [];
      assertEquals([body, isOwned], [new Uint8Array([7, 8, 9]), cut === 10], `cut at ${cut}`);
      assertEquals(body?.buffer === chunk.buffer, cut !== 10, `cut at ${cut}`);
      if (isOwned) assertEquals(body?.buffer.byteLength, 3);
    }
  },
);

Deno.test("FrameDecoder.next() goes to the end of one frame, wherever it begins", PURE, () => {
  const sink = new RecordingSink();
  const decoder = new FrameDecoder();
  decoder.push(BYTES.subarray(0, 12), sink);
  const ends = [];
  for (let at = 12; at < BYTES.length; ends.push([at, sink.seen.length])) at = decoder.next(BYTES, at, sink);
  assertEquals(ends, [[13, 1], [23, 2], [33, 3], [83, 4], [93, 5]]);
});

Deno.test("FrameDecoder.push() hands an empty body on with the last byte of its header", PURE, () => {
  const sink = new RecordingSink();
  const decoder = new FrameDecoder({ maxBodyBytes: 0 });
  decoder.push(header(0, 1), sink);
  assertEquals(sink.seen.length, 1);
  decoder.push(header(0, 3).subarray(0, 9), sink);
  assertEquals(sink.seen.length, 1);
  decoder.push(header(0, 3).subarray(9), sink);
  assertEquals(sink.seen.length, 2);
});

Deno.test("[F2] FrameDecoder takes 4 MiB and no byte more by default", PURE, () => {
  const bytes = concat([
    header(DEFAULT_MAX_BODY_BYTES),
    new Uint8Array(4_194_304),
    header(DEFAULT_MAX_BODY_BYTES + 1),
    new Uint8Array(4_194_305),
  ]);
  const [taken, skipped] = decodeChunks(new FrameDecoder(), [bytes]);
  assert(taken !== undefined && "body" in taken);
  assertEquals(taken.body.length, 4_194_304);
  assertEquals(skipped, { streamId: 1, type: 1, flags: 0, length: 4_194_305 });
});

Deno.test("[F2] FrameDecoderOptions.maxBodyBytes is the largest body that is delivered", PURE, () => {
  for (const limit of [0, 1, 2, 41]) {
    const at = { streamId: 1, type: 1, flags: 0, body: new Uint8Array(limit).fill(1) };
    const above = { streamId: 3, type: 1, flags: 0, body: new Uint8Array(limit + 1).fill(1) };
    const bytes = concat([at, above, at].map(encodeFrame));
    for (let size = 1; size <= bytes.length; size++) {
      assertEquals(decodeChunks(new FrameDecoder({ maxBodyBytes: limit }), chunksOf(bytes, size)), [
        at,
        { streamId: 3, type: 1, flags: 0, length: limit + 1 },
        at,
      ], `limit ${limit}, in chunks of ${size}`);
    }
  }
});

Deno.test("FrameDecoder refuses a limit that no frame can have", PURE, () => {
  for (const maxBodyBytes of [-1, 0.5, NaN, Infinity, 0x1000000]) {
    assertThrows(() => new FrameDecoder({ maxBodyBytes }), RangeError, `Cannot use ${maxBodyBytes} as max`);
  }
  new FrameDecoder({ maxBodyBytes: MAX_BODY_BYTES });
});

Deno.test("[F4][L1] FrameDecoder.push() reports a body over the limit when it has gone by", PURE, () => {
  const sink = new RecordingSink();
  const decoder = new FrameDecoder();
  const chunk = new Uint8Array(64 * 1024);
  let left = MAX_BODY_BYTES;
  decoder.push(concat([BYTES.subarray(0, 13), header(left, 7, 3)]), sink);
  for (; left > chunk.length; left -= chunk.length) decoder.push(chunk, sink);
  decoder.push(chunk.subarray(0, left - 1), sink);
  assertEquals(sink.seen, FRAMES.slice(0, 1));
  decoder.push(concat([chunk.subarray(0, 1), BYTES]), sink);
  assertEquals(sink.seen, [
    ...FRAMES.slice(0, 1),
    { streamId: 7, type: 3, flags: 0, length: MAX_BODY_BYTES },
    ...FRAMES,
  ]);
});

Deno.test("[F4] FrameDecoder takes no memory for a body over the limit", PURE, () => {
  const sink = new RecordingSink();
  function memoryOf(maxBodyBytes: number): number {
    const before = Deno.memoryUsage().external;
    const decoders = Array.from({ length: 64 }, () => new FrameDecoder({ maxBodyBytes }));
    for (const decoder of decoders) decoder.push(concat([header(1 << 20), new Uint8Array(100)]), sink);
    const taken = Deno.memoryUsage().external - before;
    for (const decoder of decoders) assertThrows(() => decoder.end());
    return taken;
  }
  assertLess(memoryOf((1 << 20) - 1), 1 << 20);
  // What would be seen if it did.
  assertGreater(memoryOf(1 << 20), 32 << 20);
});

Deno.test(
  "[F3] FrameDecoder.push() throws at a reserved length byte that isn't 0, after the frames before",
  PURE,
  () => {
    for (const reserved of [0x01, 0x80, 0xff]) {
      const bytes = concat([BYTES, header(reserved * 2 ** 24), BYTES]);
      for (const size of [1, 3, bytes.length]) {
        const sink = new RecordingSink();
        const decoder = new FrameDecoder();
        assertThrows(
          () => chunksOf(bytes, size).forEach((chunk) => decoder.push(chunk, sink)),
          FrameError,
          `Cannot decode a frame: its reserved length byte is not zero, but ${reserved}`,
        );
        assertThrows(() => decoder.push(BYTES, sink), FrameError, "an earlier one failed");
        assertThrows(() => decoder.end(), FrameError, "an earlier one failed");
        assertEquals(sink.seen, FRAMES);
      }
    }
  },
);

Deno.test("[F5] FrameDecoder.end() throws inside a frame and nowhere else", PURE, () => {
  const boundaries = new Set([0]);
  for (const { body } of FRAMES) boundaries.add(Math.max(...boundaries) + 10 + body.length);
  // With a limit of 3 the long body is one that is skipped.
  for (const maxBodyBytes of [3, 40]) {
    for (let length = 0; length <= BYTES.length; length++) {
      const decoder = new FrameDecoder({ maxBodyBytes });
      decoder.push(BYTES.subarray(0, length), new RecordingSink());
      if (boundaries.has(length)) decoder.end();
      else assertThrows(() => decoder.end(), FrameError, "Cannot decode a frame: unexpected end of stream");
    }
  }
});

Deno.test("[F6] FrameDecoder.push() goes on after unknown types and hands unknown flags on", PURE, () => {
  const frames = [0, 4, 255].map((type) => ({
    streamId: 1,
    type,
    flags: 0xf8,
    body: new Uint8Array([type]),
  }));
  assertEquals(decodeChunks(new FrameDecoder(), chunksOf(concat(frames.map(encodeFrame)), 7)), frames);
});

Deno.test("FrameDecoder.push() throws what its sink throws, and decodes nothing more", PURE, () => {
  const reason = new Error("no more");
  let calls = 0;
  const sink: FrameSink = {
    frame() {
      calls++;
      throw reason;
    },
    oversize() {
      calls++;
      throw reason;
    },
  };
  for (const maxBodyBytes of [2, 3]) {
    for (const cut of [0, 5, 12]) {
      calls = 0;
      const decoder = new FrameDecoder({ maxBodyBytes });
      decoder.push(BYTES.subarray(0, cut), sink);
      assertStrictEquals(assertThrows(() => decoder.push(BYTES.subarray(cut), sink)), reason);
      assertThrows(() => decoder.push(BYTES, sink), FrameError, "an earlier one failed");
      assertEquals(calls, 1);
    }
  }
});
