import { assertEquals } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { createClient } from "../../src/client/client.ts";
import { ConnectingTransport } from "../../src/client/connecting_transport.ts";
import type { Transport } from "../../src/client/transport.ts";
import { encodeFrame } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { assertIdle, assertStats } from "../assert_stats.ts";
import { dataFrame, EMPTY, requestFrame, responseFrame, statusFrame } from "../call_frames.ts";
import { ControlledDuplex } from "../connection/controlled_duplex.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";
import { failureOf, openDialogue, transportTo } from "./dialogue.ts";

const { hello } = Greeter.method;
const PING = { streamId: 0, type: 0, flags: 0, body: EMPTY };
const ANSWER = statusFrame(0, Code.InvalidArgument);
const never = new Promise<never>(() => {});

/** A transport whose first attempts to connect fail. */
function refusedAtFirst(peer: ScriptedPeer, times: number): Transport {
  let attempts = 0;
  return new ConnectingTransport(
    () => ++attempts > times ? Promise.resolve(peer.duplex) : Promise.reject(new Error("refused")),
    {},
  );
}

Deno.test("[Z5] Transport.ready() connects, however often attempts fail", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const peer = new ScriptedPeer();
  const transport = refusedAtFirst(peer, 3);
  const ready = transport.ready();
  for (let i = 0; i < 3; i++) {
    assertEquals(await isPending(ready), true);
    clock.advance(1000);
  }
  await ready;
  await transport.ready();
  assertStats(transport.stats(), { connections: 1, openCalls: 0, sentFrames: 0 });
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[K1] Transport.ping() connects, and takes the answer for a sign of life", async () => {
  const { peer, transport } = openDialogue();
  const ping = transport.ping();
  assertEquals(await peer.next(), PING);
  assertEquals(await isPending(ping), true);
  peer.send(ANSWER);
  await ping;
  assertStats(transport.stats(), { lateFrames: 0, receivedFrames: 1, sentFrames: 1 });
});

Deno.test("[K1] Transport.ping() takes any frame for a sign of life", async () => {
  const frames = [
    responseFrame(1, EMPTY),
    dataFrame(7, EMPTY),
    { ...PING, type: 9 },
    requestFrame(2, hello, 0),
  ];
  for (const frame of frames) {
    const { greeter, peer, transport } = openDialogue();
    const call = greeter.hello({}).catch(() => {});
    await peer.next();
    const pings = [transport.ping(), transport.ping()];
    assertEquals(await peer.take(2), [PING, PING]);
    peer.send(frame);
    await Promise.all(pings);
    await transport.close();
    await call;
  }
});

Deno.test("[K1] Transport.ping() fails when the connection is lost, and asks the next one then", async () => {
  const [peer, next] = [new ScriptedPeer(), new ScriptedPeer()];
  const transport = transportTo([peer.duplex, next.duplex]);
  const failure = failureOf(transport.ping());
  await peer.next();
  peer.closeWrite();
  const { code, rawMessage } = await failure;
  assertEquals([code, rawMessage], [Code.Unavailable, "Connection closed by the server"]);
  const ping = transport.ping();
  assertEquals(await next.next(), PING);
  next.send(ANSWER);
  await ping;
});

Deno.test("[K1] Transport.ping() waits for no room, and keeps nobody in line", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const duplex = new ControlledDuplex();
  duplex.sink.hold();
  const transport = new ConnectingTransport(() => Promise.resolve(duplex), { sendBufferBytes: 10 });
  const greeter = createClient(Greeter, transport);
  const calls = [failureOf(greeter.hello({}))];
  await settled();
  calls.push(failureOf(greeter.hello({})));
  await transport.ready();
  const ping = transport.ping();
  duplex.receive(encodeFrame(ANSWER));
  await ping;
  duplex.sink.release();
  await transport.close();
  await Promise.all(calls);
  assertEquals(clock.pendingTimers, 0);
});

for (const method of ["ready", "ping"] as const) {
  Deno.test(`Transport.${method}() waits no longer than its options allow`, async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const transport = new ConnectingTransport(() => never, {
      defaultTimeoutMs: 1000,
      connectTimeoutMs: Infinity,
    });
    const abort = new AbortController();
    const failures = [
      failureOf(transport[method]({ signal: AbortSignal.abort("before") })),
      failureOf(transport[method]({ timeoutMs: 0 })),
      failureOf(transport[method]({ signal: abort.signal })),
      failureOf(transport[method]({ timeoutMs: 100 })),
      failureOf(transport[method]()),
    ];
    abort.abort("meanwhile");
    clock.advance(100);
    assertEquals(clock.pendingTimers, 1);
    clock.advance(900);
    const errors = await Promise.all(failures);
    assertEquals(errors.map(({ code, cause }) => [code, cause]), [
      [1, "before"],
      [4, undefined],
      [1, "meanwhile"],
      [4, undefined],
      [4, undefined],
    ]);
    assertIdle(transport.stats());
    assertEquals(clock.pendingTimers, 0);
    const closed = transport.close();
    assertEquals((await failureOf(transport[method]())).rawMessage, "The transport is closed");
    await closed;
  });
}

Deno.test("Transport.ping() that a silent server does not answer ends by its deadline, signal or close()", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { peer, transport } = openDialogue();
  const abort = new AbortController();
  const failures = [
    failureOf(transport.ping({ timeoutMs: 100 })),
    failureOf(transport.ping({ signal: abort.signal })),
    failureOf(transport.ping()),
  ];
  await peer.take(3);
  clock.advance(100);
  abort.abort();
  await transport.close();
  const errors = await Promise.all(failures);
  assertEquals(errors.map(({ code, rawMessage }) => [code, rawMessage]), [
    [4, "context deadline exceeded"],
    [1, "The call was canceled"],
    [1, "The transport is closed"],
  ]);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[K2] ConnectingTransport gives up a server that has answered a ping, and then says nothing", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const [peer, next] = [new ScriptedPeer(), new ScriptedPeer()];
  const transport = transportTo([peer.duplex, next.duplex], { ping: { intervalMs: 1000, timeoutMs: 300 } });
  const greeter = createClient(Greeter, transport);
  await transport.ready();
  clock.advance(5000);
  assertStats(transport.stats(), { sentFrames: 0 });
  const dead = failureOf(greeter.hello({}));
  assertEquals(await peer.take(2), [requestFrame(1, hello, 0), PING]);
  // It never answered a ping so far: it may not know them.
  for (let i = 0; i < 2; i++) {
    await settled();
    clock.advance(1300);
    assertEquals(await peer.next(), PING);
  }
  peer.send(ANSWER);
  await settled();
  clock.advance(1000);
  await settled();
  clock.advance(1000);
  assertEquals(await peer.next(), PING);
  await settled();
  clock.advance(300);
  const { code, rawMessage, requestSent } = await dead;
  assertEquals([code, rawMessage, requestSent], [
    14,
    "Connection lost: the server gave no sign of life for 300 ms",
    true,
  ]);
  assertEquals(clock.pendingTimers, 0);
  const reply = greeter.hello({});
  await next.next();
  next.send(responseFrame(1, EMPTY));
  await reply;
  assertEquals(clock.pendingTimers, 0);
});
