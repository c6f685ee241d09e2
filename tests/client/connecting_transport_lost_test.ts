import { assertEquals } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { createClient } from "../../src/client/client.ts";
import { ConnectingTransport } from "../../src/client/connecting_transport.ts";
import type { TransportState } from "../../src/client/connection_source.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import { FrameFlag } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { assertIdle, assertStats } from "../assert_stats.ts";
import {
  dataFrame,
  EMPTY,
  endFrame,
  number,
  OPEN,
  requestFrame,
  responseFrame,
  statusFrame,
  words,
} from "../call_frames.ts";
import { ControlledDuplex } from "../connection/controlled_duplex.ts";
import { FakeClock } from "../fake_clock.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";
import { assertQuiet, failureOf, openDialogue, transportTo } from "./dialogue.ts";

const { hello, helloAll, count } = Greeter.method;
const never = new Promise<never>(() => {});

/** A greeter that gets one connection after the other. */
function greeterOver(...duplexes: Duplex[]) {
  const transport = transportTo(duplexes);
  return { transport, greeter: createClient(Greeter, transport) };
}

/** A connection that takes one chunk, and no other. */
function heldDuplex(): ControlledDuplex {
  const duplex = new ControlledDuplex();
  duplex.sink.hold();
  return duplex;
}

/** The ways in which a connection is lost. */
const LOSSES: [about: string, lose: (duplex: ControlledDuplex) => void][] = [
  ["end", (duplex) => duplex.endReading()],
  ["reset", (duplex) => duplex.failReading(new Error("reset"))],
  ["broken pipe", (duplex) => duplex.sink.fail(new Error("Broken pipe"))],
];

for (const [about, lose] of LOSSES) {
  Deno.test(`[Z1] ConnectingTransport sends the calls again that a lost connection did not take: ${about}`, async () => {
    // No time passes: they need not wait for what the first connection may still bring.
    using _ = new FakeClock().install();
    const [duplex, peer] = [heldDuplex(), new ScriptedPeer()];
    const { greeter, transport } = greeterOver(duplex, peer.duplex);
    const sent = failureOf(greeter.hello({ name: "sent" }));
    await settled();
    let draws = 0;
    function* names() {
      draws++;
      yield { name: "Eve" };
    }
    const unary = greeter.hello({ name: "Ada" });
    const upload = greeter.helloAll(names());
    const stream = Array.fromAsync(greeter.count({ n: 1 }), ({ i }) => i);
    await settled();
    assertEquals(draws, 0);
    lose(duplex);
    duplex.sink.release();
    assertEquals(await peer.take(5), [
      requestFrame(1, hello, 0, { payload: words("Ada") }),
      requestFrame(3, helloAll, OPEN),
      requestFrame(5, count, FrameFlag.RemoteClosed, { payload: number(1) }),
      dataFrame(3, words("Eve")),
      endFrame(3),
    ]);
    peer.send(responseFrame(1, EMPTY), responseFrame(3, words("one")), dataFrame(5, number(7)), endFrame(5));
    assertEquals([(await unary).text, (await upload).text, await stream, draws], ["", "one", [7], 1]);
    duplex.endReading();
    const { code, requestSent } = await sent;
    assertEquals([code, requestSent], [Code.Unavailable, true]);
    assertStats(transport.stats(), {
      openCalls: 0,
      connections: 1,
      callsByCode: new Map([[Code.Ok, 3], [Code.Unavailable, 1]]),
    });
  });
}

Deno.test("[Z1] ConnectingTransport sends a call again once", async () => {
  const [first, second, peer] = [heldDuplex(), heldDuplex(), new ScriptedPeer()];
  const { greeter, transport } = greeterOver(first, second, peer.duplex);
  const blocking = failureOf(greeter.hello({}));
  await settled();
  const twice = failureOf(greeter.hello({ name: "twice" }));
  await settled();
  const again = failureOf(greeter.hello({ name: "again" }));
  first.endReading();
  await blocking;
  await settled();
  // On the second connection, the first of the two is handed over.
  second.endReading();
  const errors = await Promise.all([twice, again]);
  assertEquals(errors.map(({ code, requestSent }) => [code, requestSent]), [[14, true], [14, true]]);
  for (const duplex of [first, second]) duplex.sink.release();
  await assertQuiet({ greeter, peer, transport }, 1);
});

Deno.test("[Z1] ConnectingTransport fails a call whose second connection is lost before it is sent", async () => {
  class Exact extends ControlledDuplex {
    readonly writtenBytes = 0;
  }
  const [first, second] = [new Exact(), new Exact()];
  const { greeter, transport } = greeterOver(first, second);
  const failure = failureOf(greeter.hello({}));
  await settled();
  first.endReading();
  await settled();
  assertEquals(second.sink.chunks.length, 1);
  second.endReading();
  const { code, rawMessage, requestSent } = await failure;
  assertEquals([code, rawMessage, requestSent], [14, "Connection closed by the server", false]);
  assertStats(transport.stats(), { openCalls: 0, connections: 0 });
});

Deno.test("[X1] ConnectingTransport forgets a call that is given up between its two connections", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const duplex = heldDuplex();
  const connections = [Promise.resolve<Duplex>(duplex), never];
  const transport = new ConnectingTransport(() => connections.shift() ?? never, {
    connectTimeoutMs: Infinity,
  });
  const greeter = createClient(Greeter, transport);
  const abort = new AbortController();
  const sent = failureOf(greeter.hello({}));
  await settled();
  const waiting = [
    greeter.hello({}, { signal: abort.signal }),
    greeter.helloAll([], { timeoutMs: 100 }),
  ].map(failureOf);
  await settled();
  duplex.endReading();
  await sent;
  assertStats(transport.stats(), { openCalls: 2, connections: 0 });
  abort.abort();
  clock.advance(100);
  const errors = await Promise.all(waiting);
  assertEquals(errors.map(({ code, requestSent }) => [code, requestSent]), [[1, false], [4, false]]);
  duplex.sink.release();
  assertIdle(transport.stats());
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[Z5] ConnectingTransport lets calls wait between attempts, under their deadline and signal", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const peer = new ScriptedPeer();
  const states: TransportState[] = [];
  let isUp = false;
  let attempts = 0;
  const transport = new ConnectingTransport(() => {
    attempts++;
    return isUp ? Promise.resolve(peer.duplex) : Promise.reject(new Error("Connection refused"));
  }, { waitForReady: true, onStateChange: (state) => states.push(state) });
  const greeter = createClient(Greeter, transport);
  const abort = new AbortController();
  const impatient = failureOf(greeter.hello({}, { waitForReady: false }));
  const bounded = [
    failureOf(greeter.hello({}, { timeoutMs: 60_000 })),
    failureOf(greeter.helloAll([], { signal: abort.signal })),
  ];
  const patient = greeter.hello({ name: "Ada" });
  const { code, rawMessage, requestSent } = await impatient;
  assertEquals([code, rawMessage, requestSent], [14, "Connection refused", false]);
  for (let i = 0; i < 60; i++) {
    clock.advance(1000);
    await settled();
  }
  abort.abort();
  const errors = await Promise.all(bounded);
  assertEquals(errors.map(({ code, requestSent }) => [code, requestSent]), [[4, false], [1, false]]);
  assertEquals(attempts > 10 && attempts < 40, true, `${attempts} attempts in a minute`);
  isUp = true;
  clock.advance(5000);
  assertEquals(await peer.next(), requestFrame(1, hello, 0, { payload: words("Ada") }));
  peer.send(responseFrame(1, words("Ada")));
  await patient;
  assertEquals(states, ["connecting", "ready"]);
  await transport.close();
  await settled();
  assertEquals([states.at(-1), clock.pendingTimers], ["closed", 0]);
  assertStats(transport.stats(), {
    openCalls: 0,
    connections: 0,
    callsByCode: new Map([[14, 1], [4, 1], [1, 1], [0, 1]]),
  });
});

Deno.test("[Z5] ConnectingTransport.close() ends calls that wait between attempts, and leaves no timer", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const transport = new ConnectingTransport(() => Promise.reject(new Error("refused")), {
    waitForReady: true,
  });
  const failures = [
    failureOf(createClient(Greeter, transport).hello({})),
    failureOf(transport.ready()),
    failureOf(transport.ping()),
  ];
  await settled();
  assertEquals(clock.pendingTimers, 1);
  await transport.close();
  for (const { code, rawMessage } of await Promise.all(failures)) {
    assertEquals([code, rawMessage], [Code.Canceled, "The transport is closed"]);
  }
  assertIdle(transport.stats());
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("ConnectingTransport sends no call that its own message gives up", async () => {
  const dialogue = openDialogue();
  const { greeter, peer, transport } = dialogue;
  const abort = new AbortController();
  const request = {
    get name() {
      abort.abort();
      return "Ada";
    },
  };
  const { code, requestSent } = await failureOf(greeter.hello(request, { signal: abort.signal }));
  assertEquals([code, requestSent], [Code.Canceled, false]);
  assertStats(transport.stats(), { openCalls: 0, callsByCode: new Map([[Code.Canceled, 1]]) });
  await assertQuiet({ greeter, peer, transport }, 1);
});

Deno.test("ConnectingTransport can be closed by the source of an upload that its loss ends", async () => {
  const { greeter, peer, transport } = openDialogue();
  let closed: Promise<void> = never;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: () => never,
      return: () => {
        closed = transport.close();
        return never;
      },
    }),
  };
  const failures = [failureOf(greeter.helloAll(source)), failureOf(greeter.hello({}))];
  await peer.take(2);
  peer.closeWrite();
  const codes = (await Promise.all(failures)).map(({ code }) => code);
  assertEquals(codes, [Code.Unavailable, Code.Canceled]);
  await closed;
  assertIdle(transport.stats());
});

Deno.test("ConnectingTransport.stats() counts calls by their codes, wherever they ended", async () => {
  const { greeter, peer, transport } = openDialogue({ writeMaxBytes: 1024 });
  const left = greeter.count({})[Symbol.asyncIterator]();
  const unread = greeter.count({})[Symbol.asyncIterator]();
  await unread.return?.();
  const first = left.next();
  await peer.next();
  await left.return?.();
  await first;
  assertEquals(await peer.next(), statusFrame(1, Code.Canceled));
  await failureOf(greeter.hello({ name: "x".repeat(2000) }));
  await failureOf(greeter.hello({}, { timeoutMs: 0 }));
  const reply = greeter.hello({});
  await peer.next();
  const before = transport.stats();
  peer.send(statusFrame(3, Code.NotFound));
  await failureOf(reply);
  assertEquals(
    before.callsByCode,
    new Map([[Code.Canceled, 1], [Code.ResourceExhausted, 1], [Code.DeadlineExceeded, 1]]),
  );
  assertStats(transport.stats(), {
    openCalls: 0,
    callsByCode: new Map([[Code.Canceled, 1], [Code.ResourceExhausted, 1], [Code.DeadlineExceeded, 1], [
      Code.NotFound,
      1,
    ]]),
  });
});
