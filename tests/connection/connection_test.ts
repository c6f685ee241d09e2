import { assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { Connection } from "../../src/connection/connection.ts";
import { type ConnectionOptions, resolveConnectionOptions } from "../../src/connection/connection_options.ts";
import { noStats } from "../../src/connection/connection_stats.ts";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { FrameError } from "../../src/wire/frame.ts";
import { dataFrame, EMPTY } from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";
import { settled } from "../settled.ts";
import { ControlledDuplex } from "./controlled_duplex.ts";
import { decodeFrames, FrameRecorder } from "./frame_recorder.ts";

interface Fixture {
  duplex: ControlledDuplex;
  handler: FrameRecorder;
  connection: Connection;
}

/** A connection that has begun to read. */
function open(options: ConnectionOptions = {}): Fixture {
  const duplex = new ControlledDuplex();
  const handler = new FrameRecorder();
  const connection = new Connection(duplex, resolveConnectionOptions(options), handler);
  handler.onWriteFailed = (error) => connection.fail(error);
  connection.start({ answersFrames: false });
  return { duplex, handler, connection };
}

function send({ connection }: Fixture, streamId: number): void {
  connection.writer.send(streamId, 3, 0, EMPTY);
}

const NO_LUCK = new Error("no luck");
const GIVEN_UP = new TtrpcError("given up", Code.Aborted);
const BROKEN_HEADER = new Uint8Array([1, 0, 0, 0, 0, 0, 0, 1, 3, 0]);

const ENDS: [about: string, end: (fixture: Fixture) => void, message: string | undefined, cause?: unknown][] =
  [
    [
      "a broken frame",
      ({ duplex }) => duplex.receive(BROKEN_HEADER),
      "Connection lost: Cannot decode a frame",
    ],
    ["an end inside a frame", ({ duplex }) => {
      duplex.receive(BROKEN_HEADER.subarray(1, 5));
      duplex.endReading();
    }, "Connection lost: "],
    ["a read error", ({ duplex }) => duplex.failReading(NO_LUCK), "Connection lost: no luck", NO_LUCK],
    [
      "a write error",
      (fixture) => {
        fixture.duplex.sink.fail(NO_LUCK);
        send(fixture, 1);
      },
      "Connection lost: no luck",
      NO_LUCK,
    ],
    ["fail()", ({ connection }) => connection.fail(GIVEN_UP), "given up"],
    ["close()", ({ connection }) => void connection.close(), undefined],
    ["close() after the peer's end", ({ duplex, connection }) => {
      duplex.endReading();
      connection.close();
    }, undefined],
    ["fail() during close()", ({ connection }) => {
      connection.close();
      connection.fail(GIVEN_UP);
    }, "given up"],
  ];

for (const [about, end, message, cause] of ENDS) {
  Deno.test(`Connection tells once of its end by ${about}`, { permissions: "none" }, async () => {
    const fixture = open();
    const { duplex, handler, connection } = fixture;
    duplex.receive(encodeFrame(dataFrame(1, EMPTY)));
    await settled();
    end(fixture);
    await connection.closed;
    const writes = duplex.sink.chunks.length;
    connection.close();
    connection.fail(GIVEN_UP);
    send(fixture, 3);
    await settled();
    assertEquals(handler.frames, [dataFrame(1, EMPTY)]);
    assertEquals(handler.ends.map((error) => error?.rawMessage.slice(0, message?.length)), [message]);
    if (cause !== undefined) assertStrictEquals(handler.ends[0]?.cause, cause);
    assertEquals([duplex.closes, connection.isOpen, connection.isReadable], [1, false, false]);
    assertEquals([duplex.readable.locked, duplex.sink.chunks.length], [false, writes]);
  });
}

Deno.test("[F3, F5] Connection names a broken frame as the cause", { permissions: "none" }, async () => {
  const { duplex, handler, connection } = open();
  duplex.receive(BROKEN_HEADER);
  await connection.closed;
  assertEquals(handler.ends[0]?.code, Code.Unavailable);
  assertInstanceOf(handler.ends[0]?.cause, FrameError);
});

Deno.test("Connection still sends after the peer has closed its half", { permissions: "none" }, async () => {
  const fixture = open();
  const { duplex, handler, connection } = fixture;
  duplex.endReading();
  await settled();
  assertEquals(handler.ends, [undefined]);
  assertEquals([connection.isOpen, connection.isReadable, duplex.closes], [true, false, 0]);
  send(fixture, 1);
  await connection.close();
  assertEquals(decodeFrames(duplex.sink.chunks), [dataFrame(1, EMPTY)]);
  assertEquals([handler.ends, duplex.closes, duplex.sink.state], [[undefined], 1, "closed"]);
});

Deno.test("[Z4] Connection.close() writes what was sent before", { permissions: "none" }, async () => {
  const fixture = open();
  const { duplex, connection } = fixture;
  duplex.sink.hold();
  send(fixture, 1);
  await settled();
  send(fixture, 3);
  const closed = Promise.all([connection.close(), connection.close()]);
  assertEquals([connection.isOpen, connection.isReadable], [false, true]);
  assertEquals([await isPending(closed), duplex.closes], [true, 0]);
  duplex.sink.release();
  await closed;
  assertEquals(decodeFrames(duplex.sink.chunks), [dataFrame(1, EMPTY), dataFrame(3, EMPTY)]);
  assertEquals([duplex.sink.state, duplex.closes], ["closed", 1]);
});

Deno.test(
  "[Z4] Connection.readToEnd() hands on what the peer sent before it went",
  { permissions: "none" },
  async () => {
    const fixture = open();
    const { duplex, handler, connection } = fixture;
    handler.onWriteFailed = (error) => connection.readToEnd(error, 1000);
    duplex.sink.fail(NO_LUCK);
    send(fixture, 1);
    await settled();
    assertEquals([connection.isOpen, connection.isReadable, duplex.closes], [false, true, 0]);
    duplex.receive(encodeFrame(dataFrame(5, EMPTY)));
    duplex.endReading();
    await connection.closed;
    assertEquals([handler.frames, handler.writeErrors], [[dataFrame(5, EMPTY)], handler.ends]);
    assertStrictEquals(handler.ends[0]?.cause, NO_LUCK);
  },
);

Deno.test(
  "[Z4] Connection.readToEnd() waits no longer than it is told to",
  { permissions: "none" },
  async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const { duplex, handler, connection } = open();
    connection.readToEnd(GIVEN_UP, 1000);
    clock.advance(999);
    assertEquals(duplex.closes, 0);
    clock.advance(1);
    await connection.closed;
    assertEquals([handler.ends, duplex.closes, clock.pendingTimers], [[GIVEN_UP], 1, 0]);
  },
);

Deno.test("Connection ends even if its duplex can't be closed", { permissions: "none" }, async () => {
  const { duplex, handler, connection } = open();
  duplex.close = () => {
    throw NO_LUCK;
  };
  duplex.endReading();
  await connection.close();
  assertEquals(handler.ends, [undefined]);
});

Deno.test("[Z3] Connection.close() waits no longer than it is told to", { permissions: "none" }, async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const fixture = open();
  const { duplex, handler, connection } = fixture;
  duplex.sink.hold();
  send(fixture, 1);
  const closed = connection.close();
  await settled();
  connection.close(500);
  clock.advance(499);
  assertEquals([await isPending(closed), duplex.closes], [true, 0]);
  clock.advance(1);
  await closed;
  assertEquals([handler.ends.length, duplex.closes, clock.pendingTimers], [1, 1, 0]);
  duplex.sink.release();
});

Deno.test(
  "Connection.close() takes frames while it waits for the peer",
  { permissions: "none" },
  async () => {
    const fixture = open();
    const { duplex, handler, connection } = fixture;
    duplex.sink.hold();
    send(fixture, 1);
    const closed = connection.close();
    await settled();
    duplex.receive(encodeFrame(dataFrame(5, EMPTY)));
    await settled();
    assertEquals(handler.frames, [dataFrame(5, EMPTY)]);
    duplex.sink.release();
    await closed;
  },
);

Deno.test(
  "Connection.fail() does not wait for a peer that takes nothing",
  { permissions: "none" },
  async () => {
    const fixture = open();
    const { duplex, handler, connection } = fixture;
    duplex.sink.hold();
    send(fixture, 1);
    await settled();
    connection.fail(GIVEN_UP);
    await connection.closed;
    assertEquals([duplex.closes, handler.ends], [1, [GIVEN_UP]]);
    duplex.sink.release();
  },
);

Deno.test("[L1] Connection holds bodies to readMaxBytes", { permissions: "none" }, async () => {
  const { duplex, handler, connection } = open({ readMaxBytes: 4 });
  for (const bytes of [4, 5, 0]) duplex.receive(encodeFrame(dataFrame(1, new Uint8Array(bytes))));
  await settled();
  assertEquals(handler.frames.map(({ body }) => body.length), [4, 0]);
  assertEquals(handler.oversizes, [5]);
  await connection.close();
});

Deno.test(
  "Connection.ref() and unref() are the duplex' own, if it has them",
  { permissions: "none" },
  async () => {
    const { duplex, connection } = open();
    connection.ref();
    connection.unref();
    assertEquals(duplex.refs, ["ref", "unref"]);
    await connection.close();

    const { readable, writable } = new ControlledDuplex();
    const bare = new Connection(
      { readable, writable, close: () => {} },
      resolveConnectionOptions({}),
      new FrameRecorder(),
    );
    bare.ref();
    bare.unref();
    await bare.close();
  },
);

Deno.test(
  "Connection.unref() leaves no timer for a peer that takes nothing, unless somebody waits",
  { permissions: "none" },
  async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const fixture = open({ sendBufferBytes: 1 });
    const { duplex: { sink }, connection: { writer } } = fixture;
    sink.hold();
    send(fixture, 1);
    await settled();
    writer.whenRoom(() => send(fixture, 3));
    fixture.connection.unref();
    assertEquals(clock.pendingTimers, 1);
    sink.release();
    sink.hold();
    await settled();
    assertEquals(sink.chunks.length, 2);
    assertEquals(clock.pendingTimers, 1);
    fixture.connection.unref();
    assertEquals(clock.pendingTimers, 0);
    sink.release();
    await fixture.connection.close();
  },
);

Deno.test(
  "[B3] Connection hands on nothing further while too much waits",
  { permissions: "none" },
  async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const { duplex, handler, connection } = open({ streamBufferBytes: 1000 });
    const buffer = connection.flow.open(() => {});
    for (let i = 0; i < 2; i++) buffer.add(1000);
    for (const id of [1, 3]) duplex.receive(encodeFrame(dataFrame(id, EMPTY)));
    await settled();
    assertEquals([handler.frames, connection.flow.isPaused], [[], true]);
    buffer.remove(1000);
    await settled();
    assertEquals(handler.frames.length, 2);
    for (let i = 0; i < 2; i++) buffer.add(1000);
    duplex.receive(encodeFrame(dataFrame(5, EMPTY)));
    await settled();
    await connection.close();
    assertEquals([handler.frames.length, clock.pendingTimers, duplex.readable.locked], [2, 0, false]);
  },
);

Deno.test(
  "[B2] Connection that closes is lost if its peer takes nothing",
  { permissions: "none" },
  async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const fixture = open({ writeStallTimeoutMs: 1000 });
    const { duplex, connection } = fixture;
    duplex.sink.hold();
    send(fixture, 1);
    await settled();
    duplex.endReading();
    await settled();
    const closed = connection.close();
    clock.advance(999);
    assertEquals(await isPending(closed), true);
    clock.advance(1);
    await closed;
    assertEquals([duplex.closes, clock.pendingTimers], [1, 0]);
    duplex.sink.release();
  },
);

Deno.test("Connection.addTo() counts bytes and frames, and waits for nothing once it is closed", async () => {
  const fixture = open();
  const { duplex, connection } = fixture;
  connection.flow.open(() => {}).add(100);
  duplex.receive(encodeFrame(dataFrame(1, new Uint8Array(5))));
  duplex.sink.hold();
  send(fixture, 1);
  await settled();
  send(fixture, 3);
  const calls = { ...noStats(), lateFrames: 7 };
  const stats = { ...calls, receivedBytes: 15, sentBytes: 10, sentFrames: 2 };
  assertEquals(connection.addTo(calls), { ...stats, connections: 1, queuedBytes: 100 + 128 + 20 });
  connection.fail(GIVEN_UP);
  assertEquals(connection.addTo(calls), stats);
  duplex.sink.release();
});
