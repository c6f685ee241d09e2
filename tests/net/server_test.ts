import { assertEquals, assertRejects } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import type { Authorize } from "../../src/net/authorize.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { memoryDuplex } from "../../src/net/memory_duplex.ts";
import { serve, type ServeOptions } from "../../src/net/serve.ts";
import type { Server } from "../../src/net/server.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import type { ErrorContext } from "../../src/server/serve_connection.ts";
import { assertIdle, assertStats } from "../assert_stats.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";
import { settled } from "../settled.ts";
import { Arrivals } from "./arrivals.ts";
import { greet } from "./greet.ts";

/** No test here needs a socket. */
const PURE = { permissions: "none" } as const;
const ADA = { pid: 7, uid: 1000, gid: 100 };

interface Served {
  server: Server;
  arrivals: Arrivals;
  /** What `onError` was told. */
  reports: [error: unknown, context: ErrorContext][];
}

async function serveArrivals(options: Partial<ServeOptions>): Promise<Served> {
  const arrivals = new Arrivals();
  const reports: Served["reports"] = [];
  const onError = (error: unknown, context: ErrorContext) => void reports.push([error, context]);
  const server = await serve({ listener: arrivals, routes: greet, onError, ...options });
  return { server, arrivals, reports };
}

/** Calls once, and gives the reply's text. */
async function hello(duplex: Duplex): Promise<string> {
  await using transport = createTransport({ connect: () => Promise.resolve(duplex) });
  return (await createGreeterClient(transport).hello({ name: "Ada" })).text;
}

/** Whether the server has closed a connection. */
async function isClosed({ readable }: Duplex): Promise<boolean> {
  const reader = readable.getReader();
  try {
    return !await isPending(reader.read());
  } finally {
    reader.releaseLock();
  }
}

function messagesOf({ reports }: Served): unknown[] {
  return reports.map(([error]) => error instanceof TtrpcError ? error.message : error);
}

Deno.test("serve() lets in whom authorize lets in, and tells handlers who it is", PURE, async () => {
  const asked: unknown[] = [];
  const { server, arrivals, reports } = await serveArrivals({
    routes: (router) =>
      router.service(Greeter, { hello: (_, { remote }) => ({ text: JSON.stringify(remote) }) }),
    authorize: (credentials) => asked.push(credentials) > 0,
  });
  assertEquals(JSON.parse(await hello(arrivals.connect(ADA))), { address: "memory", credentials: ADA });
  assertEquals([asked, reports], [[ADA], []]);
  await server.shutdown();
  assertIdle(server.stats());
});

const REFUSED: [about: string, authorize: Authorize, told: unknown][] = [
  [
    "says no",
    ({ uid }) => uid === 0,
    "[permission_denied] Cannot accept a connection: it is of process 7, user 1000, group 100",
  ],
  ["rejects", () => Promise.reject("no luck"), "no luck"],
  ["throws", () => {
    throw "no luck";
  }, "no luck"],
];

for (const [about, authorize, told] of REFUSED) {
  Deno.test(`serve() closes a connection and tells onError when authorize ${about}`, PURE, async () => {
    const served = await serveArrivals({ authorize });
    const duplex = served.arrivals.connect(ADA);
    assertEquals(await isClosed(duplex), true);
    assertEquals(messagesOf(served), [told]);
    assertEquals(served.reports[0]?.[1], { remote: { address: "memory", credentials: ADA } });
    assertStats(served.server.stats(), { connections: 0, receivedBytes: 0 });
    await served.server.shutdown();
  });
}

Deno.test(
  "serve() with authorize closes connections of which nobody knows whose they are",
  PURE,
  async () => {
    const served = await serveArrivals({ authorize: () => true });
    assertEquals(await isClosed(served.arrivals.connect()), true);
    assertEquals(messagesOf(served), [
      "[permission_denied] Cannot accept a connection: nobody knows whose it is",
    ]);
    await served.server.shutdown();
  },
);

Deno.test("serve() reads no byte before authorize has answered", PURE, async () => {
  const answer = Promise.withResolvers<boolean>();
  const { server, arrivals } = await serveArrivals({ authorize: () => answer.promise });
  const reply = hello(arrivals.connect(ADA));
  assertEquals(await isPending(reply), true);
  assertStats(server.stats(), { connections: 1, receivedBytes: 0 });
  answer.resolve(true);
  assertEquals(await reply, "Hello, Ada at memory");
  await server.shutdown();
});

Deno.test("serve() asks authorize about many connections at once", PURE, async () => {
  const answers: ((isLetIn: boolean) => void)[] = [];
  const authorize = () => new Promise<boolean>((resolve) => answers.push(resolve));
  const { server, arrivals, reports } = await serveArrivals({ authorize });
  const duplexes = Array.from({ length: 100 }, (_, pid) => arrivals.connect({ ...ADA, pid }));
  await settled();
  assertEquals(answers.length, 100);
  assertStats(server.stats(), { connections: 100 });
  answers.toReversed().forEach((answer, i) => answer(i % 2 === 0));
  const outcomes = await Promise.allSettled(duplexes.map(hello));
  assertEquals(outcomes.map(({ status }) => status === "fulfilled"), duplexes.map((_, i) => i % 2 === 1));
  assertEquals(reports.length, 50);
  await server.shutdown();
  assertIdle(server.stats());
});

Deno.test("serve() gives authorize and the first frame 30 seconds together", PURE, async () => {
  const time = new FakeClock();
  using _ = time.install();
  const answers: ((isLetIn: boolean) => void)[] = [];
  const authorize = () => new Promise<boolean>((resolve) => answers.push(resolve));
  const served = await serveArrivals({ authorize });
  const hanging = served.arrivals.connect(ADA);
  const silent = served.arrivals.connect(ADA);
  const busy = served.arrivals.connect(ADA);
  await settled();
  time.advance(29_000);
  answers.slice(1).forEach((answer) => answer(true));
  const writer = busy.writable.getWriter();
  // Less than a header is no frame.
  const partial = silent.writable.getWriter();
  await Promise.all([writer.write(new Uint8Array(10)), partial.write(new Uint8Array(9))]);
  assertEquals((await busy.readable.getReader().read()).done, false);
  time.advance(999);
  assertStats(served.server.stats(), { connections: 3 });
  time.advance(1);
  assertEquals([await isClosed(hanging), await isClosed(silent)], [true, true]);
  assertEquals(messagesOf(served).sort(), [
    "[deadline_exceeded] Cannot accept a connection: authorize takes too long",
    "[deadline_exceeded] Connection closed: no frame came within 30000 ms",
  ]);
  assertStats(served.server.stats(), { connections: 1 });
  await writer.close();
  await served.server.shutdown();
  assertEquals(time.pendingTimers, 0);
});

Deno.test("serve() waits for a first frame without end, unless it is told otherwise", PURE, async () => {
  const time = new FakeClock();
  using _ = time.install();
  for (const [firstFrameTimeoutMs, isLimited] of [[undefined, false], [5, true]] as const) {
    const { server, arrivals, reports } = await serveArrivals({ firstFrameTimeoutMs });
    const duplex = arrivals.connect();
    await settled();
    time.advance(100_000);
    assertEquals([await isClosed(duplex), reports.length], [isLimited, isLimited ? 1 : 0]);
    await server.shutdown();
    assertEquals(time.pendingTimers, 0);
  }
});

Deno.test("serve() forgets the limit for the first frame of a connection that has gone", PURE, async () => {
  const time = new FakeClock();
  using _ = time.install();
  const { server, arrivals } = await serveArrivals({ authorize: () => true });
  await hello(arrivals.connect(ADA));
  await settled();
  assertEquals(time.pendingTimers, 0);
  await server.shutdown();
});

Deno.test("Server.shutdown() does not wait for authorize, and is no error", PURE, async () => {
  const { server, arrivals, reports } = await serveArrivals({ authorize: () => new Promise(() => {}) });
  const duplex = arrivals.connect(ADA);
  await settled();
  await server.shutdown();
  assertEquals([await isClosed(duplex), reports], [true, []]);
  assertIdle(server.stats());
});

Deno.test("Server.finished waits for what authorize decides after the listener's end", PURE, async () => {
  const answer = Promise.withResolvers<boolean>();
  const { server, arrivals } = await serveArrivals({ authorize: () => answer.promise });
  const reply = hello(arrivals.connect(ADA));
  arrivals.close();
  assertEquals(await isPending(server.finished), true);
  answer.resolve(true);
  assertEquals(await reply, "Hello, Ada at memory");
  await server.finished;
});

Deno.test("serve() closes what is above maxConnections, and has room again", PURE, async () => {
  for (const waits of [false, true]) {
    const served = await serveArrivals({
      maxConnections: 2,
      // Who waits for an answer takes a place, too.
      ...(waits && { authorize: () => new Promise<boolean>(() => {}), firstFrameTimeoutMs: Infinity }),
    });
    const { server, arrivals } = served;
    const open = [arrivals.connect(ADA), arrivals.connect(ADA)];
    const above = [arrivals.connect(ADA), arrivals.connect(ADA)];
    assertEquals(await Promise.all([...above, ...open].map(isClosed)), [true, true, false, false]);
    assertStats(server.stats(), { connections: 2 });
    if (!waits) {
      open[0]?.close();
      await settled();
      assertEquals(await hello(arrivals.connect(ADA)), "Hello, Ada at memory");
    }
    const told = ["[resource_exhausted] Connection closed: more than maxConnections, 2, are open"];
    assertEquals(messagesOf(served), told);
    await server.shutdown();
    assertIdle(server.stats());
  }
});

const OUT_OF_RANGE: Partial<ServeOptions>[] = [
  { maxConnections: 0 },
  { maxConnections: 1.5 },
  { firstFrameTimeoutMs: -1 },
  { firstFrameTimeoutMs: NaN },
];

Deno.test("serve() refuses limits out of their range", PURE, async () => {
  for (const options of OUT_OF_RANGE) {
    await assertRejects(() => serve({ listener: new Arrivals(), routes: greet, ...options }), RangeError);
  }
});

Deno.test("serve() closes a duplex that it can't use, and goes on", async () => {
  const [locked] = memoryDuplex();
  locked.readable.getReader();
  const [ours, theirs] = memoryDuplex();
  const errors: unknown[] = [];
  const server = await serve({
    listener: ReadableStream.from([locked, theirs]),
    routes: greet,
    onError: (error) => errors.push(error),
  });
  await using transport = createTransport({ connect: () => Promise.resolve(ours) });
  assertEquals((await createGreeterClient(transport).hello({ name: "Ada" })).text, "Hello, Ada at memory");
  assertEquals(errors.map((error) => error instanceof TypeError), [true]);
  await transport.close();
  await server.finished;
});
