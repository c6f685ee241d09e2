import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { buffers } from "../../src/connection/buffer_pool.ts";
import { markOwnSink } from "../../src/connection/own_sinks.ts";
import { sendInTurn } from "../../src/connection/send_in_turn.ts";
import { WriterPipe, type WriterPipeOptions } from "../../src/connection/writer_pipe.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { dataFrame } from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";
import { settled } from "../settled.ts";
import { decodeFrames } from "./frame_recorder.ts";
import { GatedSink } from "./gated_sink.ts";

const HEADER = 10;
const LIMITS = { writeMaxBytes: 1024, sendBufferBytes: 1024, writeStallTimeoutMs: Infinity };

interface Fixture {
  sink: GatedSink;
  pipe: WriterPipe;
  /** What the pipe reported. */
  errors: unknown[];
  send(streamId: number, bytes?: number): void;
}

function fixture(options: Partial<WriterPipeOptions> = {}): Fixture {
  const sink = new GatedSink();
  const errors: unknown[] = [];
  const limits = { ...LIMITS, writeMaxBytes: 1000, sendBufferBytes: 1 << 20, ...options };
  const pipe = new WriterPipe(sink, limits, (cause) => errors.push(cause));
  const send = (streamId: number, bytes = 0) =>
    pipe.send(streamId, 3, 0, new Uint8Array(bytes).fill(streamId));
  return { sink, pipe, errors, send };
}

/** The ids of the frames of each write. */
function idsOfWrites({ chunks }: GatedSink): number[][] {
  return chunks.map((chunk) => decodeFrames([chunk]).map(({ streamId }) => streamId));
}

Deno.test("WriterPipe sends the frames of a turn in one write", { permissions: "none" }, async () => {
  const { sink, pipe, send } = fixture();
  for (const id of [1, 3, 5]) send(id, id);
  assertEquals(sink.chunks.length, 0);
  await pipe.drained();
  send(7);
  await pipe.drained();
  assertEquals(idsOfWrites(sink), [[1, 3, 5], [7]]);
  assertEquals(decodeFrames(sink.chunks)[1], dataFrame(3, new Uint8Array(3).fill(3)));
});

Deno.test("WriterPipe sends what comes during a write in the next one", { permissions: "none" }, async () => {
  const { sink, pipe, send } = fixture();
  sink.hold();
  send(1);
  await settled();
  send(3);
  await settled();
  send(5);
  assertEquals(idsOfWrites(sink), [[1]]);
  sink.release();
  await pipe.drained();
  assertEquals(idsOfWrites(sink), [[1], [3, 5]]);
});

Deno.test("WriterPipe.drained() resolves when all has been written", { permissions: "none" }, async () => {
  const { sink, pipe, send } = fixture();
  await pipe.drained();
  sink.hold();
  send(1);
  const drained = pipe.drained();
  await settled();
  send(3);
  assertEquals(await isPending(drained), true);
  sink.release();
  await drained;
  assertEquals(idsOfWrites(sink), [[1], [3]]);
});

Deno.test("WriterPipe counts committed and handed bytes apart", { permissions: "none" }, async () => {
  const { sink, pipe, send } = fixture({ writeMaxBytes: 100_000 });
  sink.hold();
  send(1, 5);
  send(3, 100_000);
  assertEquals([pipe.committedBytes, pipe.handedBytes], [100_025, 0]);
  await settled();
  assertEquals([pipe.committedBytes, pipe.handedBytes], [100_025, 15]);
  sink.release();
  await pipe.drained();
  assertEquals([pipe.committedBytes, pipe.handedBytes], [100_025, 100_025]);
});

Deno.test("WriterPipe counts what the sink has taken since it has it", { permissions: "none" }, async () => {
  const { writable } = new GatedSink();
  const sink = { writable, writtenBytes: 12 };
  const pipe = new WriterPipe(sink, LIMITS, () => {});
  pipe.send(1, 3, 0, new Uint8Array(5));
  await pipe.drained();
  assertEquals(pipe.handedBytes, 0);
  sink.writtenBytes += 3;
  assertEquals([pipe.handedBytes, pipe.committedBytes], [3, 15]);
});

Deno.test("[L2] WriterPipe.begin() refuses what is over the limit", { permissions: "none" }, async () => {
  const { sink, pipe, send } = fixture({ writeMaxBytes: 1024 });
  const error = assertThrows(() => pipe.begin(1025), TtrpcError);
  assertEquals(error.rawMessage, "message length 1025 exceed maximum message size of 1024");
  assertEquals([error.code, error.requestSent], [Code.ResourceExhausted, false]);
  assertThrows(() => send(1, 1025), TtrpcError);
  assertEquals(pipe.committedBytes, 0);
  send(1, 1024);
  await pipe.drained();
  assertEquals(decodeFrames(sink.chunks), [dataFrame(1, new Uint8Array(1024).fill(1))]);
});

Deno.test("[B1] WriterPipe.room() lets senders wait in their order", { permissions: "none" }, async () => {
  const { sink, pipe, send } = fixture({ sendBufferBytes: 2 * HEADER });
  sink.hold();
  send(1);
  assertEquals(pipe.hasRoom, true);
  send(3);
  const order: string[] = [];
  const rooms = ["first", "second"].map((name) => pipe.room().then(() => order.push(name)));
  assertEquals(await isPending(Promise.race(rooms)), true);
  sink.release();
  await Promise.all(rooms);
  assertEquals(order, ["first", "second"]);
  assertEquals(pipe.hasRoom, true);
});

Deno.test("[B1] WriterPipe gives no second turn while the first one's frame fills the queue", async () => {
  const { sink, pipe, send } = fixture({ sendBufferBytes: 1000 });
  sink.hold();
  send(1, 1000);
  await settled();
  const line = [3, 5, 7].map((id) => sendInTurn(pipe, () => send(id, 1000)));
  for (const id of [3, 5, 7]) {
    assertEquals(pipe.queuedBytes, HEADER + 1000, `before the turn of ${id}`);
    sink.release();
    sink.hold();
    await settled();
  }
  await Promise.all(line);
  sink.release();
  await pipe.drained();
  assertEquals(idsOfWrites(sink), [[1], [3], [5], [7]]);
});

Deno.test("WriterPipe.room() opens with the write that makes room", { permissions: "none" }, async () => {
  const { sink, pipe, send } = fixture({ writeMaxBytes: 70_000, sendBufferBytes: 70_000 });
  sink.hold();
  send(1, 4000);
  send(3, 66_000);
  await settled();
  const room = pipe.room();
  sink.release();
  sink.hold();
  await room;
  await settled();
  assertEquals(idsOfWrites(sink), [[1], [3]]);
  assertEquals(await isPending(pipe.drained()), true);
  sink.release();
  await pipe.drained();
});

Deno.test("WriterPipe.close() sends all, then closes its half", { permissions: "none" }, async () => {
  const { sink, pipe, errors, send } = fixture();
  sink.hold();
  send(1);
  await settled();
  send(3);
  const closed = pipe.close();
  assertEquals([await isPending(closed), sink.state], [true, "open"]);
  sink.release();
  await closed;
  assertEquals([idsOfWrites(sink), sink.state, errors], [[[1], [3]], "closed", []]);
  send(5);
  await pipe.close();
  pipe.abort();
  await pipe.drained();
  assertEquals([idsOfWrites(sink), sink.state, pipe.committedBytes], [[[1], [3]], "closed", 2 * HEADER]);
});

Deno.test(
  "WriterPipe.close() sends what is committed in the same turn",
  { permissions: "none" },
  async () => {
    const { sink, pipe, send } = fixture();
    const closed = pipe.close();
    send(1);
    await closed;
    assertEquals([idsOfWrites(sink), sink.state], [[[1]], "closed"]);
  },
);

Deno.test("WriterPipe.close() rejects when the stream can't be closed", { permissions: "none" }, async () => {
  const writable = new WritableStream<Uint8Array>({
    close() {
      throw new Error("no luck");
    },
  });
  const pipe = new WriterPipe({ writable }, LIMITS, () => {});
  await assertRejects(() => pipe.close(), Error, "no luck");
});

for (const outcome of ["succeeds", "fails"]) {
  Deno.test(
    `WriterPipe.abort() drops the rest when the last write ${outcome}`,
    { permissions: "none" },
    async () => {
      const { sink, pipe, errors, send } = fixture({ sendBufferBytes: 1 });
      sink.hold();
      send(1);
      await settled();
      send(3);
      const waiters = [pipe.room(), pipe.drained()];
      const reason = new Error("given up");
      pipe.abort(reason);
      pipe.abort(new Error("again"));
      await Promise.all(waiters);
      send(5);
      if (outcome === "succeeds") sink.release();
      else sink.fail(new Error("cut short"));
      await settled();
      assertEquals([idsOfWrites(sink), sink.state, errors, pipe.hasRoom], [[[1]], "aborted", [], true]);
      assertStrictEquals(sink.abortReason, reason);
      assertEquals([pipe.committedBytes, pipe.handedBytes], [2 * HEADER, HEADER]);
    },
  );
}

Deno.test("WriterPipe tells of a failed write once, and stops", { permissions: "none" }, async () => {
  const { sink, pipe, errors, send } = fixture({ sendBufferBytes: 1 });
  const cause = new Error("Broken pipe");
  sink.hold();
  send(1);
  await settled();
  send(3);
  const waiters = [pipe.room(), pipe.drained()];
  sink.fail(cause);
  await Promise.all(waiters);
  send(5);
  await settled();
  await pipe.close();
  pipe.abort();
  assertEquals([idsOfWrites(sink), errors], [[[1]], [cause]]);
});

Deno.test("WriterPipe tells of a stream that had failed before", { permissions: "none" }, async () => {
  const cause = new Error("failed before");
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const writable = new WritableStream<Uint8Array>({ start: (controller) => controller.error(cause) });
  const pipe = new WriterPipe({ writable }, LIMITS, resolve);
  await settled();
  pipe.send(1, 3, 0, new Uint8Array(0));
  assertStrictEquals(await promise, cause);
});

Deno.test(
  "[B1] WriterPipe.whenRoom() calls back at once while there is room",
  { permissions: "none" },
  () => {
    const { sink, pipe, send } = fixture({ sendBufferBytes: 2 * HEADER });
    sink.hold();
    const turns: number[] = [];
    for (const id of [1, 3, 5]) {
      pipe.whenRoom(() => {
        turns.push(id);
        send(id);
      });
    }
    assertEquals([turns, pipe.hasRoom, pipe.isFull], [[1, 3], false, true]);
    sink.release();
  },
);

Deno.test("[B1] WriterPipe gives turns only while there is room", { permissions: "none" }, async () => {
  const { sink, pipe, send } = fixture({ sendBufferBytes: 3 * HEADER });
  sink.hold();
  for (const id of [1, 3, 5]) send(id);
  const late = () => send(99);
  for (const id of [7, 9, 11, 13]) pipe.whenRoom(() => send(id));
  pipe.whenRoom(late);
  pipe.leaveLine(late);
  await settled();
  assertEquals(idsOfWrites(sink), [[1, 3, 5]]);
  sink.release();
  await pipe.drained();
  assertEquals(idsOfWrites(sink), [[1, 3, 5], [7, 9, 11], [13]]);
});

Deno.test(
  "[B1] WriterPipe has no room for others while somebody waits",
  { permissions: "none" },
  async () => {
    const { sink, pipe, send } = fixture({ sendBufferBytes: HEADER });
    sink.hold();
    send(1);
    const seen: boolean[] = [];
    pipe.whenRoom(() => seen.push(pipe.hasRoom, pipe.isFull));
    pipe.whenRoom(() => seen.push(pipe.hasRoom, pipe.isFull));
    sink.release();
    await pipe.drained();
    assertEquals(seen, [false, false, true, false]);
  },
);

Deno.test(
  "[B2] WriterPipe gives up a sink that takes nothing while senders wait",
  { permissions: "none" },
  async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const { sink, pipe, errors, send } = fixture({ sendBufferBytes: HEADER, writeStallTimeoutMs: 1000 });
    sink.hold();
    send(1);
    await settled();
    clock.advance(5000);
    assertEquals([errors, clock.pendingTimers], [[], 0]);
    const room = pipe.room();
    clock.advance(999);
    assertEquals(errors, []);
    clock.advance(1);
    await room;
    assertEquals(errors.map(String), ["Error: The peer took no byte for 1000 ms"]);
    assertEquals([pipe.isOpen, clock.pendingTimers], [false, 0]);
    sink.release();
  },
);

Deno.test(
  "[B2] WriterPipe.close() waits no longer for a sink that takes nothing",
  { permissions: "none" },
  async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const { sink, pipe, errors, send } = fixture({ writeStallTimeoutMs: 1000 });
    sink.hold();
    send(1);
    await settled();
    const closed = pipe.close();
    clock.advance(1000);
    await closed;
    assertEquals([errors.length, pipe.isOpen, clock.pendingTimers], [1, false, 0]);
    sink.release();
  },
);

Deno.test(
  "[B2] WriterPipe has one timer for all senders that wait, and none once all is written",
  { permissions: "none" },
  async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const { sink, pipe, send } = fixture({ sendBufferBytes: HEADER, writeStallTimeoutMs: 1000 });
    for (const id of [1, 3, 5]) pipe.whenRoom(() => send(id));
    assertEquals([clock.startedTimers, clock.pendingTimers], [1, 1]);
    await pipe.drained();
    await settled();
    assertEquals(sink.chunks.length, 3);
    assertEquals([clock.startedTimers, clock.pendingTimers], [1, 0]);
  },
);

Deno.test("[B2] WriterPipe.close() leaves no timer", { permissions: "none" }, async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { pipe, send } = fixture({ writeStallTimeoutMs: 1000 });
  send(1);
  const closed = pipe.close();
  assertEquals(clock.pendingTimers, 1);
  await closed;
  assertEquals(clock.pendingTimers, 0);
});

Deno.test(
  "WriterPipe has told of its end when it lets those go on who wait",
  { permissions: "none" },
  async () => {
    const { sink, pipe, errors, send } = fixture({ sendBufferBytes: 1 });
    sink.hold();
    send(1);
    await settled();
    const seen: unknown[] = [];
    pipe.whenRoom(() => seen.push(pipe.isOpen, pipe.hasRoom, ...errors));
    const cause = new Error("Broken pipe");
    sink.fail(cause);
    await settled();
    assertEquals(seen, [false, true, cause]);
  },
);

/** How many buffers some writes came from. */
function buffersOf({ chunks }: GatedSink): number {
  return new Set(chunks.map(({ buffer }) => buffer)).size;
}

/** Sends five bursts of one frame, each once the one before was written. */
async function sendBursts(pipe: WriterPipe): Promise<void> {
  for (let id = 1; id <= 5; id++) {
    pipe.send(id, 3, 0, new Uint8Array(100).fill(id));
    await pipe.drained();
  }
}

Deno.test(
  "WriterPipe writes again into what a sink of our own has taken",
  { permissions: "none" },
  async () => {
    const sink = new GatedSink();
    markOwnSink(sink.writable);
    const pipe = new WriterPipe(sink, LIMITS, () => {});
    await sendBursts(pipe);
    assertEquals([sink.chunks.length, buffersOf(sink)], [5, 1]);
  },
);

Deno.test(
  "WriterPipe leaves a buffer alone until its write has resolved",
  { permissions: "none" },
  async () => {
    const sink = new GatedSink();
    markOwnSink(sink.writable);
    const pipe = new WriterPipe(sink, LIMITS, () => {});
    const { keptBytes } = buffers;
    sink.hold();
    pipe.send(1, 3, 0, new Uint8Array(100).fill(1));
    await settled();
    for (const id of [3, 5]) pipe.send(id, 3, 0, new Uint8Array(100).fill(id));
    await settled();
    assertEquals([sink.chunks.length, buffers.keptBytes <= keptBytes], [1, true]);
    assertEquals(decodeFrames(sink.chunks), [dataFrame(1, new Uint8Array(100).fill(1))]);
    sink.release();
    await pipe.drained();
    assertEquals([sink.chunks.length, buffersOf(sink)], [2, 2]);
  },
);

const FOREIGN: [about: string, make: (sink: GatedSink) => WritableStream<Uint8Array>][] = [
  ["is not ours", ({ writable }) => writable],
  ["stands before ours", ({ writable }) => {
    markOwnSink(writable);
    const { readable, writable: before } = new TransformStream<Uint8Array, Uint8Array>();
    readable.pipeTo(writable);
    return before;
  }],
];

for (const [about, make] of FOREIGN) {
  Deno.test(`WriterPipe never writes again into what it gave to a stream that ${about}`, async () => {
    const sink = new GatedSink();
    const { keptBytes } = buffers;
    // As a user's duplex is made: of another one, with a stream of its own.
    const pipe = new WriterPipe({ ...sink, writable: make(sink) }, LIMITS, () => {});
    await sendBursts(pipe);
    await pipe.close();
    assertEquals([buffersOf(sink), buffers.keptBytes <= keptBytes], [5, true]);
    const expected = [1, 2, 3, 4, 5].map((id) => dataFrame(id, new Uint8Array(100).fill(id)));
    assertEquals(decodeFrames(sink.chunks), expected);
  });
}

for (const ending of ["fails", "is aborted"]) {
  Deno.test(`WriterPipe gives no buffer back whose write ${ending}`, { permissions: "none" }, async () => {
    const sink = new GatedSink();
    markOwnSink(sink.writable);
    const pipe = new WriterPipe(sink, LIMITS, () => {});
    sink.hold();
    pipe.send(1, 3, 0, new Uint8Array(100));
    await settled();
    pipe.send(3, 3, 0, new Uint8Array(100));
    const { keptBytes } = buffers;
    if (ending === "is aborted") {
      pipe.abort();
      await settled();
      assertEquals(buffers.keptBytes, keptBytes, "under way");
    }
    sink.fail(new Error("Broken pipe"));
    await settled();
    assertEquals([sink.chunks.length, buffers.keptBytes], [1, keptBytes]);
  });
}
