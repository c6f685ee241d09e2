import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { concat } from "@std/bytes";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { encodeFrame, type Frame, FrameFlag } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { serveConnection } from "../../src/server/serve_connection.ts";
import { assertIdle, assertStats } from "../assert_stats.ts";
import {
  BROKEN,
  dataFrame,
  EMPTY,
  endFrame,
  number,
  OPEN,
  readStatus,
  requestFrame,
  responseFrame,
  statusFrame,
  words,
} from "../call_frames.ts";
import { ControlledDuplex } from "../connection/controlled_duplex.ts";
import { decodeFrames } from "../connection/frame_recorder.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";
import { settled } from "../settled.ts";
import { assertQuiet, sayHello, serveGreeter } from "./serve_greeter.ts";

const { hello, count, helloAll, chat } = Greeter.method;
const never = new Promise<never>(() => {});
/** Replies that never come. */
const endless = () => new ReadableStream<{ i: number }>();
/** Each counts 500 bytes: two fit, three do not. */
const LONG = words("x".repeat(369));
const LIMITS = { streamBufferBytes: 1000 };

/** Messages of an upload whose handler does not read them, enough to pause the connection. */
function tooMany(streamId: number): Frame[] {
  return [LONG, LONG, LONG].map((body) => dataFrame(streamId, body));
}

Deno.test("[B4] Dispatcher fails the upload that holds up other calls, and serves those", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { promise: failure, reject } = Promise.withResolvers<never>();
  const { peer, served } = serveGreeter({
    async helloAll(requests, { signal }) {
      signal.addEventListener("abort", () => reject(signal.reason));
      await failure.catch(() => {});
      for await (const _ of requests);
      return {};
    },
    count: endless,
  }, LIMITS);
  peer.send(requestFrame(1, helloAll, OPEN), requestFrame(3, count, 0), ...tooMany(1));
  peer.send(sayHello(5, "Ada"));
  const next = peer.next();
  assertEquals([await isPending(next), served.stats().queuedBytes], [true, 1500]);
  clock.advance(1000);
  const { streamId, code } = readStatus(await next);
  assertEquals([streamId, code], [1, Code.ResourceExhausted]);
  assertEquals(await peer.next(), responseFrame(5, words("Ada")));
  assertEquals((await assertRejects(() => failure, TtrpcError)).code, Code.ResourceExhausted);
  peer.send(...tooMany(1), sayHello(7, "Eve"));
  assertEquals(await peer.next(), responseFrame(7, words("Eve")));
  await settled();
  assertStats(served.stats(), { lateFrames: 3, queuedBytes: 0, openCalls: 1, runningHandlers: 1 });
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[B4] Dispatcher lets an upload alone pause the connection for maxPauseMs", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { peer } = serveGreeter({ helloAll: () => never }, { ...LIMITS, maxPauseMs: 5000 });
  peer.send(requestFrame(1, helloAll, OPEN), ...tooMany(1));
  peer.send(sayHello(3, "Ada"));
  const next = peer.next();
  await settled();
  clock.advance(4999);
  assertEquals(await isPending(next), true);
  clock.advance(1);
  assertEquals(readStatus(await next).code, Code.ResourceExhausted);
  assertEquals(await peer.next(), responseFrame(3, words("Ada")));
});

Deno.test("[B4] Dispatcher holds a pause to maxPauseMs once the last other call has ended", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const gate = Promise.withResolvers<void>();
  const { peer, served } = serveGreeter({
    helloAll: () => never,
    async hello({ name }) {
      await gate.promise;
      return { text: name };
    },
  }, { ...LIMITS, stallTimeoutMs: 1000, maxPauseMs: 5000 });
  peer.send(requestFrame(1, helloAll, OPEN), sayHello(3, "Ada"), ...tooMany(1));
  await settled();
  peer.send(sayHello(5, "Eve"));
  clock.advance(999);
  gate.resolve();
  assertEquals(await peer.next(), responseFrame(3, words("Ada")));
  const next = peer.next();
  clock.advance(4999);
  assertEquals([await isPending(next), served.stats().receivedFrames], [true, 5]);
  clock.advance(1);
  const { streamId, code } = readStatus(await next);
  assertEquals([streamId, code], [1, Code.ResourceExhausted]);
  assertEquals(await peer.next(), responseFrame(5, words("Eve")));
});

Deno.test("[B3, B4] Dispatcher fails no upload whose handler reads now and then, and loses nothing of it", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const asked: (() => void)[] = [];
  const { peer, served } = serveGreeter({
    async helloAll(requests) {
      let messages = 0;
      for await (const _ of requests) {
        messages++;
        await new Promise<void>((resolve) => asked.push(resolve));
      }
      return { text: `${messages}` };
    },
    count: endless,
  }, LIMITS);
  peer.send(requestFrame(1, helloAll, OPEN), requestFrame(3, count, 0));
  for (let i = 0; i < 20; i++) peer.send(dataFrame(1, LONG));
  peer.send(endFrame(1));
  for (let i = 0; i < 20; i++) {
    await settled();
    clock.advance(999);
    asked.shift()?.();
  }
  assertEquals(await peer.next(), responseFrame(1, words("20")));
  await settled();
  assertStats(served.stats(), { lateFrames: 0, queuedBytes: 0 });
});

Deno.test("[B2, S14] Dispatcher gives up a client that asks and never takes an answer", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const duplex = new ControlledDuplex();
  const reasons: unknown[] = [];
  const errors: unknown[] = [];
  const served = serveConnection(duplex, {
    sendBufferBytes: 100,
    writeStallTimeoutMs: 1000,
    onError: (error) => errors.push(error),
    routes: (router) =>
      router.service(Greeter, {
        hello: () => ({ text: "x".repeat(100) }),
        helloAll(_requests, { signal }) {
          signal.addEventListener("abort", () => reasons.push(signal.reason.code));
          return never;
        },
      }),
  });
  duplex.sink.hold();
  duplex.receive(encodeFrame(requestFrame(1, helloAll, OPEN)));
  duplex.receive(encodeFrame(sayHello(3, "Ada")));
  await settled();
  duplex.receive(encodeFrame(sayHello(5, "Ada")));
  await settled();
  assertStats(served.stats(), { openCalls: 1, receivedFrames: 2, connections: 1 });
  clock.advance(1000);
  await served.closed;
  duplex.sink.release();
  assertEquals(reasons, [Code.Unavailable]);
  assertEquals(errors.map(String), [
    "TtrpcError: [unavailable] Connection lost: The peer took no byte for 1000 ms",
  ]);
  assertStats(served.stats(), { connections: 0, openCalls: 0, queuedBytes: 0, runningHandlers: 1 });
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[S17] Dispatcher refuses calls above maxConcurrentStreams at once, and uses their ids up", async () => {
  const { peer, served } = serveGreeter({ count: endless }, { maxConcurrentStreams: 2 });
  peer.send(requestFrame(1, count, 0), requestFrame(3, chat, OPEN), sayHello(5, "Ada"), sayHello(7, "Ada"));
  for (const id of [5, 7]) {
    const message = "Too many calls are open on this connection";
    assertEquals(await peer.next(), statusFrame(id, Code.ResourceExhausted, message));
  }
  peer.send(endFrame(3), sayHello(5, "Ada"));
  assertEquals(
    await peer.next(),
    statusFrame(5, Code.InvalidArgument, "StreamID cannot be re-used and must increment"),
  );
  assertEquals(await peer.next(), endFrame(3));
  peer.send(sayHello(9, "Ada"));
  assertEquals(await peer.next(), responseFrame(9, words("Ada")));
  assertStats(served.stats(), {
    openCalls: 1,
    callsByCode: new Map([[Code.ResourceExhausted, 2], [Code.Ok, 2]]),
    protocolErrors: 1,
  });
});

Deno.test("[B5, S17] Dispatcher keeps the place of a handler that goes on after its call", async () => {
  const running: PromiseWithResolvers<Record<string, never>>[] = [];
  const wait = () => {
    const handler = Promise.withResolvers<Record<string, never>>();
    running.push(handler);
    return handler.promise;
  };
  const { peer, served } = serveGreeter({
    hello: wait,
    async *count() {
      await wait();
      yield {};
    },
  }, { maxConcurrentStreams: 2 });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, count, FrameFlag.RemoteClosed));
  peer.send(statusFrame(1, Code.Canceled), statusFrame(3, Code.DeadlineExceeded), requestFrame(5, hello, 0));
  assertEquals(readStatus(await peer.next()), {
    streamId: 5,
    code: Code.ResourceExhausted,
    message: "Too many calls are open on this connection",
  });
  assertStats(served.stats(), {
    openCalls: 0,
    runningHandlers: 2,
    callsByCode: new Map([[Code.Canceled, 1], [Code.DeadlineExceeded, 1], [Code.ResourceExhausted, 1]]),
  });
  for (const handler of running.splice(0)) handler.resolve({});
  await assertQuiet(peer);
  peer.send(requestFrame(7, hello, 0), requestFrame(9, hello, 0), requestFrame(11, hello, 0));
  assertEquals(readStatus(await peer.next()).streamId, 11);
  for (const handler of running) handler.resolve({});
  assertEquals(await peer.take(2), [responseFrame(7, EMPTY), responseFrame(9, EMPTY)]);
  assertStats(served.stats(), { openCalls: 0, runningHandlers: 0 });
});

Deno.test("[B5] Dispatcher counts a call until its last byte was taken", async () => {
  const duplex = new ControlledDuplex();
  const served = serveConnection(duplex, {
    maxConcurrentStreams: 2,
    routes: (router) => router.rpc(hello, ({ name }) => ({ text: name })),
  });
  duplex.sink.hold();
  duplex.receive(encodeFrame(sayHello(1, "Ada")));
  await settled();
  for (const id of [3, 5, 7]) duplex.receive(encodeFrame(sayHello(id, "Eve")));
  await settled();
  assertStats(served.stats(), { openCalls: 2, runningHandlers: 0 });
  duplex.sink.release();
  await settled();
  const frames = decodeFrames(duplex.sink.chunks);
  assertEquals(frames.map(({ streamId }) => streamId).toSorted(), [1, 3, 5, 7]);
  const refused = frames.filter(({ streamId }) => streamId === 7).map(readStatus);
  assertEquals(refused.map(({ code }) => code), [Code.ResourceExhausted]);
  assertStats(served.stats(), { openCalls: 0, queuedBytes: 0 });
  duplex.endReading();
  await served.closed;
});

Deno.test("[S16] Dispatcher takes ids out of order if it is told to, each once", async () => {
  const { peer, served } = serveGreeter({}, { outOfOrderIds: "accept" });
  peer.send(sayHello(5, "a"), dataFrame(1, EMPTY), sayHello(1, "b"), sayHello(3, "c"), sayHello(3, "d"));
  assertEquals(await peer.take(5), [
    responseFrame(5, words("a")),
    statusFrame(1, Code.InvalidArgument, "StreamID is no longer active"),
    responseFrame(1, words("b")),
    responseFrame(3, words("c")),
    statusFrame(3, Code.InvalidArgument, "StreamID cannot be re-used and must increment"),
  ]);
  assertStats(served.stats(), { protocolErrors: 2 });
});

Deno.test("Dispatcher.stats() counts what comes and goes, and keeps counting nothing after the end", async () => {
  const { peer, served } = serveGreeter({
    async *count() {
      yield { i: 7 };
      await never;
    },
  });
  const frames = [
    sayHello(1, "Ada"),
    requestFrame(3, hello, 0, { method: "Other" }),
    { ...sayHello(5, "Ada"), body: BROKEN },
    requestFrame(7, count, FrameFlag.RemoteClosed),
    dataFrame(1, EMPTY),
    statusFrame(2, Code.Canceled),
  ];
  const before = served.stats();
  for (const frame of frames) {
    peer.send(frame);
    await settled();
  }
  const answers = await peer.take(5);
  const bytesOf = (frames: Frame[]) => frames.reduce((bytes, frame) => bytes + encodeFrame(frame).length, 0);
  assertEquals(served.stats(), {
    connections: 1,
    openCalls: 1,
    runningHandlers: 1,
    queuedBytes: 0,
    callsByCode: new Map([[Code.Unimplemented, 1], [Code.InvalidArgument, 1], [Code.Ok, 1]]),
    receivedBytes: bytesOf(frames),
    sentBytes: bytesOf(answers),
    receivedFrames: 6,
    sentFrames: 5,
    lateFrames: 1,
    protocolErrors: 2,
  });
  assertEquals([before.receivedFrames, before.callsByCode.size], [0, 0]);
  assertEquals(answers.filter(({ streamId }) => streamId === 7), [dataFrame(7, number(7))]);
  await peer.breakOff(new Error("reset"));
  await served.closed;
  const { callsByCode, ...gauges } = served.stats();
  assertEquals(callsByCode.get(Code.Unavailable), 1);
  assertStats({ callsByCode, ...gauges }, {
    connections: 0,
    openCalls: 0,
    queuedBytes: 0,
    runningHandlers: 1,
  });
});

Deno.test("Dispatcher.stats() of a connection lost with answers unwritten is idle", async () => {
  const duplex = new ControlledDuplex();
  const served = serveConnection(duplex, {
    routes: (router) => router.rpc(hello, () => ({})),
    onError: () => {},
  });
  duplex.sink.hold();
  for (const id of [1, 3]) {
    duplex.receive(encodeFrame(sayHello(id, "Ada")));
    await settled();
  }
  assertStats(served.stats(), { openCalls: 1, queuedBytes: 20 });
  duplex.failReading(new Error("reset"));
  await served.closed;
  duplex.sink.release();
  assertIdle(served.stats());
});

Deno.test("serveConnection() refuses numbers of calls out of their range", () => {
  for (const maxConcurrentStreams of [0, -1, 0.5, NaN, Infinity]) {
    const options = { routes: () => {}, maxConcurrentStreams };
    assertThrows(() => serveConnection(new ControlledDuplex(), options), RangeError, "maxConcurrentStreams");
  }
});

Deno.test("[B1] Dispatcher encodes no reply before there is room for it", async () => {
  const duplex = new ControlledDuplex();
  duplex.sink.hold();
  const served = serveConnection(duplex, {
    routes: (router) => router.service(Greeter, { hello: ({ name }) => Promise.resolve({ text: name }) }),
    sendBufferBytes: 1000,
  });
  const long = "x".repeat(600);
  // In one chunk, so that reading does not pause between them.
  duplex.receive(concat([1, 3, 5, 7].map((id) => encodeFrame(sayHello(id, long)))));
  await settled();
  assertStats(served.stats(), { openCalls: 2, runningHandlers: 2 });
  assertEquals(served.stats().queuedBytes < 2 * 700, true);
  duplex.sink.release();
  await settled();
  assertStats(served.stats(), { openCalls: 0, runningHandlers: 0, queuedBytes: 0 });
  assertEquals(decodeFrames(duplex.sink.chunks).map(({ streamId }) => streamId), [1, 3, 5, 7]);
  await served.shutdown();
});
