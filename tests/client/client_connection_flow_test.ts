import { assert, assertEquals } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { createClient } from "../../src/client/client.ts";
import { ConnectingTransport } from "../../src/client/connecting_transport.ts";
import type { TransportOptions } from "../../src/client/transport.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import { encodeFrame, type Frame, FrameFlag, FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { assertIdle, assertStats } from "../assert_stats.ts";
import {
  dataFrame,
  endFrame,
  number,
  OPEN,
  requestFrame,
  responseFrame,
  statusFrame,
  words,
} from "../call_frames.ts";
import { ControlledDuplex } from "../connection/controlled_duplex.ts";
import { decodeFrames } from "../connection/frame_recorder.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";
import { assertQuiet, collect, failureOf, openDialogue, transportTo } from "./dialogue.ts";

const { hello, chat } = Greeter.method;
/** Each counts 500 bytes: two fit, three do not. */
const LONG = words("x".repeat(369));
const LIMITS = { streamBufferBytes: 1000 };

/** Replies that nobody reads, enough to pause the connection. */
function tooMany(streamId: number): Frame[] {
  return [LONG, LONG, LONG].map((body) => dataFrame(streamId, body));
}

Deno.test("[B4] ClientConnection fails the call whose replies hold up others, and no other", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter, peer, transport } = openDialogue(LIMITS);
  const slow = greeter.chat([])[Symbol.asyncIterator]();
  const first = slow.next();
  await peer.take(2);
  const other = greeter.hello({});
  await peer.next();
  peer.send(dataFrame(1, words("Ada")), ...tooMany(1));
  assertEquals((await first).value?.text, "Ada");
  peer.send(responseFrame(3, words("Eve")), ...tooMany(1), endFrame(1));
  assertEquals([await isPending(other), transport.stats().queuedBytes], [true, 1500]);
  clock.advance(999);
  assertEquals(await isPending(other), true);
  clock.advance(1);
  assertEquals((await other).text, "Eve");
  assertEquals(await collect(slow), { items: [], code: Code.ResourceExhausted });
  assertEquals(await peer.next(), statusFrame(1, Code.Canceled));
  await settled();
  assertStats(transport.stats(), {
    openCalls: 0,
    lateFrames: 4,
    queuedBytes: 0,
    callsByCode: new Map([[Code.ResourceExhausted, 1], [Code.Ok, 1]]),
  });
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[B4] ClientConnection waits for a reader that is alone, until a second call is opened", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter, peer } = openDialogue(LIMITS);
  const slow = greeter.count({})[Symbol.asyncIterator]();
  const first = slow.next();
  await peer.next();
  peer.send(dataFrame(1, number(1)), ...tooMany(1));
  await first;
  peer.send(dataFrame(1, number(2)));
  await settled();
  assertEquals(clock.pendingTimers, 0);
  clock.advance(1_000_000);
  const other = greeter.hello({});
  assertEquals(await peer.next(), requestFrame(3, hello, 0));
  peer.send(responseFrame(3, words("Eve")));
  assertEquals(await isPending(other), true);
  clock.advance(1000);
  assertEquals((await other).text, "Eve");
  assertEquals((await failureOf(slow.next())).code, Code.ResourceExhausted);
});

Deno.test("[B4] ClientConnection counts a call that waits for room among those that are held up", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const duplex = new ControlledDuplex();
  const transport = transportTo([duplex], { ...LIMITS, sendBufferBytes: 100 });
  const greeter = createClient(Greeter, transport);
  const { promise: isHeld, resolve } = Promise.withResolvers<void>();
  const names = async function* () {
    await isHeld;
    for (;;) yield { name: "x".repeat(100) };
  };
  const slow = greeter.chat(names())[Symbol.asyncIterator]();
  const first = slow.next();
  await settled();
  const frames = [dataFrame(1, words("Ada")), ...tooMany(1), dataFrame(1, words("Eve"))];
  for (const frame of frames) duplex.receive(encodeFrame(frame));
  await first;
  // The server reads as little as this side does.
  duplex.sink.hold();
  resolve();
  await settled();
  clock.advance(1_000);
  const waiting = greeter.hello({});
  await settled();
  assertStats(transport.stats(), { openCalls: 2, sentFrames: 2 });
  clock.advance(1_000);
  assertEquals((await failureOf(slow.next())).code, Code.ResourceExhausted);
  duplex.sink.release();
  await settled();
  const [request] = decodeFrames(duplex.sink.chunks).filter(({ streamId }) => streamId === 3);
  assertEquals(request, requestFrame(3, hello, 0));
  duplex.receive(encodeFrame(responseFrame(3, words("Eve"))));
  assertEquals((await waiting).text, "Eve");
  await transport.close();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[B3] ClientConnection gives a reader that took its time all that was sent", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter, peer, transport } = openDialogue({ ...LIMITS, maxPauseMs: 10 });
  const slow = greeter.count({})[Symbol.asyncIterator]();
  const first = slow.next();
  await peer.next();
  for (let i = 0; i < 100; i++) peer.send(dataFrame(1, number(i + 1)));
  peer.send(endFrame(1));
  const items = [(await first).value?.i];
  for (;;) {
    await settled();
    clock.advance(1_000_000);
    const { done, value } = await slow.next();
    if (done) break;
    items.push(value?.i);
  }
  assertEquals(items, Array.from({ length: 100 }, (_, i) => i + 1));
  assertStats(transport.stats(), { queuedBytes: 0, openCalls: 0 });
});

Deno.test("[B4] ClientConnection drops the unread replies of a call that is over when they hold up others", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter, peer, transport } = openDialogue({ connectionBufferBytes: 1000 });
  const slow = greeter.count({})[Symbol.asyncIterator]();
  const first = slow.next();
  await peer.next();
  const last = dataFrame(1, LONG, FrameFlag.RemoteClosed);
  peer.send(dataFrame(1, number(1)), dataFrame(1, LONG), dataFrame(1, LONG), last);
  await first;
  await settled();
  const other = greeter.hello({});
  await peer.next();
  peer.send(responseFrame(3, words("Eve")));
  assertEquals([await isPending(other), transport.stats().openCalls], [true, 1]);
  clock.advance(1000);
  assertEquals((await other).text, "Eve");
  assertEquals(await collect(slow), { items: [], code: Code.ResourceExhausted });
  assertStats(transport.stats(), { callsByCode: new Map([[Code.Ok, 2]]), queuedBytes: 0 });
  await assertQuiet({ greeter, peer, transport }, 5);
});

/** A transport whose peer takes one chunk, and the next only when it is told to. */
function stuckTransport(options: TransportOptions = {}) {
  const duplex = new ControlledDuplex();
  duplex.sink.hold();
  const transport = new ConnectingTransport(() => Promise.resolve(duplex), {
    sendBufferBytes: 1000,
    ...options,
  });
  return { duplex, transport, greeter: createClient(Greeter, transport) };
}

Deno.test("[B1] ClientConnection has neither id nor bytes for a call that waits, and forgets one given up", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { duplex, transport, greeter } = stuckTransport();
  const name = "x".repeat(1000);
  const abort = new AbortController();
  const first = greeter.hello({ name });
  await settled();
  const waiting = [
    failureOf(greeter.hello({ name }, { signal: abort.signal })),
    failureOf(greeter.helloAll([], { signal: abort.signal })),
    failureOf(greeter.hello({ name }, { timeoutMs: 100 })),
    failureOf(Array.fromAsync(greeter.count({}, { timeoutMs: 100 }))),
  ];
  const last = greeter.hello({ name: "last" });
  assertStats(transport.stats(), { openCalls: 6, sentFrames: 1 });
  abort.abort();
  clock.advance(100);
  const errors = (await Promise.all(waiting)).map(({ code, requestSent }) => [code, requestSent]);
  assertEquals(errors, [[1, false], [1, false], [4, false], [4, false]]);
  assertStats(transport.stats(), { openCalls: 2, sentFrames: 1 });
  duplex.sink.release();
  await settled();
  assertEquals(decodeFrames(duplex.sink.chunks), [
    requestFrame(1, hello, 0, { payload: words(name) }),
    requestFrame(3, hello, 0, { payload: words("last") }),
  ]);
  const failures = [failureOf(first), failureOf(last)];
  await transport.close();
  await Promise.all(failures);
  assertIdle(transport.stats());
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[B1] ClientConnection lets a small call wait for one message of each upload at most", async () => {
  const { duplex, transport, greeter } = stuckTransport();
  const name = "x".repeat(990);
  async function* names() {
    for (;;) yield { name };
  }
  duplex.sink.release();
  const uploads = Array.from({ length: 5 }, () => failureOf(greeter.helloAll(names())));
  await settled();
  duplex.sink.hold();
  await settled();
  const before = decodeFrames(duplex.sink.chunks).length;
  const calls = [failureOf(greeter.hello({ name: "small" })), failureOf(greeter.hello({ name: "small" }))];
  await settled();
  duplex.sink.release();
  await settled();
  const frames = decodeFrames(duplex.sink.chunks).slice(before);
  const at = frames.flatMap(({ type }, i) => type === FrameType.Request ? [i] : []);
  // What filled the buffer, and then one message of each.
  assert(at.length === 2 && Math.max(...at) <= 2 + 5 + 1, `the small calls were frames ${at}`);
  await transport.close();
  await Promise.all([...uploads, ...calls]);
});

Deno.test("[B2] ClientConnection that takes no byte while calls wait is lost, and those go on elsewhere", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const stuck = new ControlledDuplex();
  stuck.sink.hold();
  const peer = new ScriptedPeer();
  const transport = transportTo([stuck, peer.duplex], { sendBufferBytes: 100, writeStallTimeoutMs: 1000 });
  const greeter = createClient(Greeter, transport);
  const sent = failureOf(greeter.hello({ name: "x".repeat(100) }));
  await settled();
  const waiting = greeter.hello({});
  clock.advance(1000);
  assertEquals(await peer.next(), requestFrame(1, hello, 0));
  peer.send(responseFrame(1, words("Eve")));
  assertEquals((await waiting).text, "Eve");
  // The answer may have been on its way.
  clock.advance(1000);
  const { code, rawMessage, requestSent } = await sent;
  assertEquals([code, rawMessage, requestSent], [
    14,
    "Connection lost: The peer took no byte for 1000 ms",
    true,
  ]);
  stuck.sink.release();
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[X5] ClientConnection is retired when a server floods it with what nobody waits for", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const [peer, next] = [new ScriptedPeer(), new ScriptedPeer()];
  const transport = transportTo([peer.duplex, next.duplex]);
  const greeter = createClient(Greeter, transport);
  const flooded = greeter.count({})[Symbol.asyncIterator]();
  const first = flooded.next();
  await peer.next();
  const running = greeter.hello({});
  await peer.next();
  peer.send(dataFrame(1, number(1)));
  await first;
  await flooded.return?.();
  assertEquals(await peer.next(), statusFrame(1, Code.Canceled));
  clock.advance(1000);
  const flood = Array.from({ length: 5 }, () => dataFrame(1, new Uint8Array(262_144)));
  for (const frame of flood) peer.send(frame);
  await settled();
  const late = greeter.hello({});
  assertEquals(await next.next(), requestFrame(1, hello, 0));
  assertStats(transport.stats(), { connections: 2, openCalls: 2, lateFrames: 5 });
  peer.send(responseFrame(3, words("Ada")));
  assertEquals((await running).text, "Ada");
  await peer.ended;
  next.send(responseFrame(1, words("Eve")));
  assertEquals((await late).text, "Eve");
  assertStats(transport.stats(), { connections: 1, openCalls: 0 });
});

Deno.test("[B1, X5] ClientConnection that is retired loses those who wait for room to the next, in their order", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const [duplex, peer] = [new ControlledDuplex(), new ScriptedPeer()];
  const next = Promise.withResolvers<Duplex>();
  const connections: Promise<Duplex>[] = [Promise.resolve(duplex), next.promise];
  const never = new Promise<never>(() => {});
  const transport = new ConnectingTransport(() => connections.shift() ?? never, { sendBufferBytes: 100 });
  const greeter = createClient(Greeter, transport);
  const flooded = greeter.count({})[Symbol.asyncIterator]();
  const first = flooded.next();
  await settled();
  await flooded.return?.();
  await first;
  clock.advance(1000);
  duplex.sink.hold();
  const sent = failureOf(greeter.hello({ name: "x".repeat(100) }));
  const calls = ["b", "c"].map((name) => greeter.hello({ name }));
  for (let i = 0; i < 5; i++) duplex.receive(encodeFrame(dataFrame(1, new Uint8Array(262_144))));
  await settled();
  calls.push(greeter.hello({ name: "d" }));
  duplex.sink.release();
  await settled();
  next.resolve(peer.duplex);
  const names = ["b", "c", "d"];
  const requests = names.map((name, i) => requestFrame(2 * i + 1, hello, 0, { payload: words(name) }));
  assertEquals(await peer.take(3), requests);
  peer.send(...names.map((name, i) => responseFrame(2 * i + 1, words(name))));
  assertEquals((await Promise.all(calls)).map(({ text }) => text), names);
  duplex.endReading();
  await sent;
});

Deno.test("[X5] ClientConnection that is retired without an open call closes at once", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter, peer, transport } = openDialogue();
  const flooded = greeter.count({})[Symbol.asyncIterator]();
  const first = flooded.next();
  await peer.next();
  await flooded.return?.();
  await Promise.all([first, peer.next()]);
  clock.advance(1000);
  for (let i = 0; i < 10; i++) peer.send(dataFrame(1, new Uint8Array(262_144)));
  await peer.ended;
  await settled();
  assertIdle(transport.stats());
});

Deno.test("[X5] ClientConnection is kept when late frames stop in time", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const dialogue = openDialogue();
  const { greeter, peer } = dialogue;
  const flooded = greeter.count({})[Symbol.asyncIterator]();
  const first = flooded.next();
  await peer.next();
  await flooded.return?.();
  await Promise.all([first, peer.next()]);
  for (let i = 0; i < 5; i++) peer.send(dataFrame(1, new Uint8Array(262_144)));
  await settled();
  peer.send(endFrame(1));
  clock.advance(1000);
  for (let i = 0; i < 5; i++) peer.send(dataFrame(1, new Uint8Array(262_144)));
  await assertQuiet(dialogue, 3);
});

Deno.test("[B3] ClientConnection gives replies that waited as they were, though chunks are lent", async () => {
  const { greeter, peer } = openDialogue();
  const replies = greeter.chat([])[Symbol.asyncIterator]();
  const first = replies.next();
  assertEquals(await peer.take(2), [requestFrame(1, chat, OPEN), endFrame(1)]);
  for (const name of ["Ada", "Eve", "Bob"]) peer.send(dataFrame(1, words(name)));
  peer.send(dataFrame(1, words("Grace"), FrameFlag.RemoteClosed));
  await settled();
  const texts = [(await first).value?.text];
  for (let step = await replies.next(); !step.done; step = await replies.next()) texts.push(step.value.text);
  assertEquals(texts, ["Ada", "Eve", "Bob", "Grace"]);
});

Deno.test("ClientConnection keeps the process alive for calls and pings only", async () => {
  const duplex = new ControlledDuplex();
  const transport = new ConnectingTransport(() => Promise.resolve(duplex), {});
  const greeter = createClient(Greeter, transport);
  await transport.ready();
  assertEquals(duplex.refs, ["unref"]);
  const abort = new AbortController();
  const { signal } = abort;
  const pings = [1, 2].map(() => failureOf(transport.ping({ signal })));
  assertEquals(duplex.refs, ["unref", "ref"]);
  abort.abort();
  await Promise.all(pings);
  assertEquals(duplex.refs, ["unref", "ref", "unref"]);
  const calls = [greeter.hello({}), greeter.helloAll([])].map(failureOf);
  await settled();
  const ping = failureOf(transport.ping());
  assertEquals(duplex.refs.length, 4);
  duplex.endReading();
  await Promise.all([ping, ...calls]);
  assertEquals(duplex.refs, ["unref", "ref", "unref", "ref", "unref"]);
});
