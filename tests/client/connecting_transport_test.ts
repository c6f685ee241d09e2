import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { Plain } from "../../gen/interop/v1/plain_pb.ts";
import { createClient } from "../../src/client/client.ts";
import { ConnectingTransport } from "../../src/client/connecting_transport.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import { FrameFlag } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import {
  dataFrame,
  EMPTY,
  endFrame,
  number,
  requestFrame,
  responseFrame,
  statusFrame,
} from "../call_frames.ts";
import { ControlledDuplex } from "../connection/controlled_duplex.ts";
import { FakeClock } from "../fake_clock.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";
import { assertQuiet, failureOf, openDialogue, transportTo } from "./dialogue.ts";
import { assertStats } from "../assert_stats.ts";

const { hello, count } = Greeter.method;
const never = new Promise<never>(() => {});

Deno.test("ConnectingTransport connects at its first call, and all calls share the connection", async () => {
  const peer = new ScriptedPeer();
  const connection = Promise.withResolvers<Duplex>();
  let connects = 0;
  const transport = new ConnectingTransport(() => {
    connects++;
    return connection.promise;
  }, {});
  const [greeter, plain] = [createClient(Greeter, transport), createClient(Plain, transport)];
  const replies = greeter.count({});
  assertEquals(connects, 0);
  const calls = [greeter.hello({}), plain.repeat({}), greeter.helloAll([]), Array.fromAsync(replies)];
  await settled();
  assertEquals([connects, transport.stats().openCalls], [1, 4]);
  connection.resolve(peer.duplex);
  await peer.take(5);
  const late = greeter.hello({});
  assertEquals(await peer.next(), requestFrame(9, hello, 0));
  assertEquals([connects, transport.stats().openCalls], [1, 5]);
  peer.send(...[1, 3, 5, 7, 9].map((id) => responseFrame(id, EMPTY)));
  await Promise.all([late, ...calls]);
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
});

Deno.test("ConnectingTransport connects again once its connection was lost", async () => {
  const peers = [new ScriptedPeer(), new ScriptedPeer(), new ScriptedPeer()];
  const transport = transportTo(peers.map(({ duplex }) => duplex));
  const greeter = createClient(Greeter, transport);
  for (const peer of peers) {
    await assertQuiet({ greeter, peer, transport }, 1);
    const failure = failureOf(greeter.hello({}));
    assertEquals(await peer.next(), requestFrame(3, hello, 0));
    peer.send(responseFrame(1, EMPTY));
    peer.closeWrite();
    assertEquals((await failure).code, Code.Unavailable);
  }
  await settled();
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 3 });
});

Deno.test("[Z1] ConnectingTransport that can't connect fails the calls that wait, and tries again", async () => {
  const peer = new ScriptedPeer();
  const reasons = [new TypeError("no such thing"), new TtrpcError("not allowed", Code.PermissionDenied)];
  const remaining = [...reasons];
  const transport = new ConnectingTransport(async () => {
    await settled();
    const reason = remaining.shift();
    if (reason !== undefined) throw reason;
    return peer.duplex;
  }, { backoff: { initialMs: 0 } });
  const greeter = createClient(Greeter, transport);
  for (
    const [reason, code] of [[reasons[0], Code.Unavailable], [reasons[1], Code.PermissionDenied]] as const
  ) {
    const calls = [greeter.hello({}), Array.fromAsync(greeter.count({})), greeter.helloAll([])];
    for (const error of await Promise.all(calls.map(failureOf))) {
      assertEquals([error.code, error.requestSent], [code, false]);
      if (!(reason instanceof TtrpcError)) assertStrictEquals(error.cause, reason);
    }
    assertEquals(transport.stats().openCalls, 0);
  }
  await assertQuiet({ greeter, peer, transport }, 1);
});

Deno.test("[Z1] ConnectingTransport fails the calls on a connection that is over when it gets it", async () => {
  const peer = new ScriptedPeer();
  peer.close();
  const transport = transportTo([peer.duplex]);
  const greeter = createClient(Greeter, transport);
  for (const error of await Promise.all([greeter.hello({}), greeter.helloAll([])].map(failureOf))) {
    assertEquals(error.code, Code.Unavailable);
  }
  assertEquals(transport.stats().openCalls, 0);
});

Deno.test("ConnectingTransport keeps nothing of calls that were given up while it connects", async () => {
  const connected = Promise.withResolvers<Duplex>();
  const transport = new ConnectingTransport(() => connected.promise, {});
  const greeter = createClient(Greeter, transport);
  const abort = new AbortController();
  const options = { signal: abort.signal };
  const given = [
    greeter.hello({}, options),
    greeter.helloAll([], options),
    greeter.hello({}, { timeoutMs: 1 }),
  ];
  const kept = greeter.hello({});
  assertEquals(transport.stats().openCalls, 4);
  abort.abort();
  await Promise.all(given.map(failureOf));
  assertEquals(transport.stats().openCalls, 1);
  const peer = new ScriptedPeer();
  connected.resolve(peer.duplex);
  assertEquals(await peer.next(), requestFrame(1, hello, 0));
  peer.send(responseFrame(1, EMPTY));
  await kept;
});

Deno.test("ConnectingTransport opens no call on a connection that is just being lost", async () => {
  const [peer, next] = [new ScriptedPeer(), new ScriptedPeer()];
  const transport = transportTo([peer.duplex, next.duplex]);
  const greeter = createClient(Greeter, transport);
  let retry: Promise<unknown> = never;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => never,
      return: () => {
        retry = greeter.hello({});
        return never;
      },
    }),
  };
  const failure = failureOf(greeter.helloAll(source));
  await peer.next();
  peer.closeWrite();
  await failure;
  assertEquals(await next.next(), requestFrame(1, hello, 0));
  next.send(responseFrame(1, EMPTY));
  await retry;
});

Deno.test("ConnectingTransport.close() fails all calls with 1, and closes the connection", async () => {
  const { greeter, peer, transport } = openDialogue();
  const open = failureOf(greeter.hello({}));
  await peer.next();
  const closed = transport.close();
  const error = await open;
  assertEquals([error.code, error.rawMessage, error.requestSent], [1, "The transport is closed", true]);
  assertEquals(await peer.next(), statusFrame(1, Code.Canceled));
  await Promise.all([peer.ended, closed, transport.closed, transport.close()]);
  for (const call of [greeter.hello({}), greeter.helloAll([]), Array.fromAsync(greeter.count({}))]) {
    const error = await failureOf(call);
    assertEquals([error.code, error.rawMessage, error.requestSent], [1, "The transport is closed", false]);
  }
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
});

Deno.test("ConnectingTransport.close() ends a loop over replies, those that wait included", async () => {
  const { greeter, peer, transport } = openDialogue();
  const seen: number[] = [];
  const loop = failureOf((async () => {
    for await (const { i } of greeter.count({})) {
      seen.push(i);
      await settled();
      transport.close();
    }
  })());
  assertEquals(await peer.next(), requestFrame(1, count, FrameFlag.RemoteClosed));
  peer.send(dataFrame(1, number(7)), dataFrame(1, number(8)));
  assertEquals([(await loop).code, seen], [Code.Canceled, [7]]);
  assertEquals(await peer.next(), statusFrame(1, Code.Canceled));
  await Promise.all([peer.ended, transport.closed]);
});

Deno.test("ConnectingTransport.close() fails calls that wait, and closes a connection that comes late", async () => {
  const peer = new ScriptedPeer();
  const connection = Promise.withResolvers<Duplex>();
  const transport = new ConnectingTransport(() => connection.promise, {});
  const greeter = createClient(Greeter, transport);
  const silent = new ReadableStream<Record<string, never>>();
  const failures = [
    failureOf(greeter.hello({})),
    failureOf(greeter.helloAll([])),
    failureOf(transport.stream(count, silent)[Symbol.asyncIterator]().next()),
  ];
  await transport.close();
  for (const { code, requestSent } of await Promise.all(failures)) {
    assertEquals([code, requestSent], [Code.Canceled, false]);
  }
  connection.resolve(peer.duplex);
  await peer.ended;
});

Deno.test("ConnectingTransport closes when it is disposed of", async () => {
  const { greeter, peer, transport } = openDialogue();
  {
    await using _ = transport;
    await assertQuiet({ greeter, peer, transport }, 1);
  }
  await peer.ended;
});

Deno.test("ConnectingTransport.stream() takes the first message of a server stream's source", async () => {
  const { peer, transport } = openDialogue();
  let isReturned = false;
  function* requests() {
    try {
      yield { n: 3 };
      yield { n: 4 };
    } finally {
      isReturned = true;
    }
  }
  const replies = transport.stream(count, requests())[Symbol.asyncIterator]();
  const first = replies.next();
  assertEquals(await peer.next(), requestFrame(1, count, FrameFlag.RemoteClosed, { payload: number(3) }));
  peer.send(endFrame(1));
  await first;
  assertEquals(isReturned, true);
});

Deno.test("ConnectingTransport.stream() fails without a first message, and sends nothing", async () => {
  const dialogue = openDialogue();
  const { transport } = dialogue;
  const none = await failureOf(transport.stream(count, [])[Symbol.asyncIterator]().next());
  assertEquals([none.code, none.rawMessage], [3, "Cannot call Count: no request was given"]);
  const reason = new Error("no idea");
  const source = new ReadableStream<{ n: number }>({ start: (controller) => controller.error(reason) });
  const failed = await failureOf(transport.stream(count, source)[Symbol.asyncIterator]().next());
  assertEquals([failed.code, failed.cause], [Code.Canceled, reason]);
  assertEquals([none.requestSent, failed.requestSent], [false, false]);
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
  await assertQuiet(dialogue, 1);
});

Deno.test("ConnectingTransport refuses options out of their range", () => {
  const connect = () => never;
  for (const options of [{ readMaxBytes: -1 }, { writeMaxBytes: 2 ** 24 }, { defaultTimeoutMs: NaN }]) {
    assertThrows(() => new ConnectingTransport(connect, options), RangeError);
  }
});

Deno.test("ConnectingTransport draws nothing further of an upload once a write has failed", async () => {
  const duplex = new ControlledDuplex();
  const transport = new ConnectingTransport(() => Promise.resolve(duplex), {});
  let drawn = 0;
  const begun = Promise.withResolvers<void>();
  async function* names() {
    for (;;) {
      if (++drawn === 10) begun.resolve();
      yield { name: "Ada" };
      await settled();
    }
  }
  const failure = failureOf(createClient(Greeter, transport).helloAll(names()));
  await begun.promise;
  duplex.sink.fail(new Error("no luck"));
  await settled();
  await settled();
  const before = drawn;
  for (let turn = 0; turn < 10; turn++) await settled();
  assertEquals(drawn, before);
  duplex.endReading();
  const { code, rawMessage } = await failure;
  assertEquals([code, rawMessage], [Code.Unavailable, "Connection lost: no luck"]);
});

Deno.test("ConnectingTransport keeps no lost connection for calls that are over", async () => {
  const duplex = new ControlledDuplex();
  const transport = new ConnectingTransport(() => Promise.resolve(duplex), {});
  const abort = new AbortController();
  const failure = failureOf(createClient(Greeter, transport).hello({}, { signal: abort.signal }));
  await settled();
  duplex.sink.fail(new Error("no luck"));
  abort.abort();
  assertEquals((await failure).code, Code.Canceled);
  await settled();
  assertEquals(duplex.closes, 1);
});

Deno.test("ConnectingTransport fails a call once that is given up while its connection is lost", async () => {
  const { greeter, peer, transport } = openDialogue();
  const abort = new AbortController();
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => never,
      return: () => {
        abort.abort();
        return never;
      },
    }),
  };
  const failures = [
    greeter.helloAll(source),
    greeter.hello({}, { signal: abort.signal }),
  ].map(failureOf);
  await peer.take(2);
  peer.closeWrite();
  const codes = (await Promise.all(failures)).map(({ code }) => code);
  assertEquals(codes, [Code.Unavailable, Code.Canceled]);
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
});

Deno.test("ConnectingTransport sends no call that is given up while the one before it is encoded", async () => {
  const dialogue = openDialogue();
  const { greeter, peer } = dialogue;
  const abort = new AbortController();
  // The request is read once there is a connection, and a getter is the user's own code.
  const request = {
    get name() {
      abort.abort();
      return "Ada";
    },
  };
  const first = greeter.hello(request);
  const failure = failureOf(greeter.hello({}, { signal: abort.signal }));
  assertEquals((await peer.next()).streamId, 1);
  const { code, requestSent } = await failure;
  assertEquals([code, requestSent], [Code.Canceled, false]);
  peer.send(responseFrame(1, EMPTY));
  await first;
  await assertQuiet(dialogue, 3);
});

Deno.test("ConnectingTransport.close() tells connect() that nobody waits any more", async () => {
  const signals: AbortSignal[] = [];
  const transport = new ConnectingTransport(({ signal }) => {
    signals.push(signal);
    return new Promise(() => {});
  }, {});
  const failure = failureOf(createClient(Greeter, transport).hello({}));
  await transport.close();
  assertEquals((await failure).code, Code.Canceled);
  assertEquals(signals.map(({ aborted }) => aborted), [true]);
});

Deno.test("ConnectingTransport tells a call that waits in vain why there is no connection", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const reason = new TtrpcError("Nobody there", Code.Unavailable);
  const transport = new ConnectingTransport(() => Promise.reject(reason), {});
  const greeter = createClient(Greeter, transport);
  const failures = [
    greeter.hello({}, { waitForReady: true, timeoutMs: 20 }),
    transport.ready({ timeoutMs: 20 }),
  ].map(failureOf);
  await settled();
  clock.advance(20);
  for (const { code, rawMessage, cause } of await Promise.all(failures)) {
    assertEquals([code, rawMessage], [Code.DeadlineExceeded, "context deadline exceeded: Nobody there"]);
    assertStrictEquals(cause, reason);
  }
  await transport.close();
});

Deno.test("ConnectingTransport closes a duplex that it can't use", async () => {
  const duplex = new ControlledDuplex();
  duplex.readable.getReader();
  const transport = new ConnectingTransport(() => Promise.resolve(duplex), {});
  const error = await failureOf(createClient(Greeter, transport).hello({}));
  assertEquals([error.code, error.requestSent, duplex.closes], [Code.Unavailable, false, 1]);
  await transport.close();
});
