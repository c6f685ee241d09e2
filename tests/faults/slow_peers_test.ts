import { assertEquals, assertGreater, assertLessOrEqual, assertRejects } from "@std/assert";
import { createGreeterClient, registerGreeter } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { createInteropClient, registerInterop } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { Transport } from "../../src/client/transport.ts";
import type { ConnectionOptions } from "../../src/connection/connection_options.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { serve, type Server } from "../../mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import type { Routes } from "../../src/server/router.ts";
import { assertIdle } from "../assert_stats.ts";
import { FakeClock } from "../fake_clock.ts";
import { pattern } from "../interop/interop_service.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { settled } from "../settled.ts";
import { Ledger, METHODS } from "./ledger.ts";
import { mustBecome, mustSettle, mustStandStill, passTime } from "../waiting.ts";

const BUFFER_BYTES = 65_536;
/** Where the others may only be saved by `stallTimeoutMs`. */
const LIMITS: ConnectionOptions = {
  sendBufferBytes: BUFFER_BYTES,
  streamBufferBytes: BUFFER_BYTES,
  maxPauseMs: Infinity,
};
const MESSAGE_BYTES = 1_000;
/** More than a system holds for a socket file. */
const SOCKET_BYTES = 524_288;
/** What may wait between a sender and its reader: in both queues, in the socket, and a chunk in each hand. */
const HOP_BYTES = BUFFER_BYTES + SOCKET_BYTES + BUFFER_BYTES + 2 * 65_536 + 2 * MESSAGE_BYTES;

interface Hop {
  server: Server;
  transport: Transport;
}

/** A server, and a transport to it over a socket. */
async function connectTo(path: string, routes: Routes): Promise<Hop> {
  const server = await serve({ address: path, routes, onError: () => {}, ...LIMITS });
  return { server, transport: createTransport({ address: path, ...LIMITS }) };
}

async function assertEndsIdle(clock: FakeClock, ...hops: Hop[]): Promise<void> {
  const sides = hops.flatMap(({ server, transport }) => [transport, server]);
  const closed = hops.flatMap((
    { server, transport },
  ) => [transport.close(), server.shutdown({ graceMs: 0 })]);
  await passTime(clock, "closing", Promise.all(closed));
  await settled();
  for (const side of sides) assertIdle(side.stats());
  assertEquals(clock.pendingTimers, 0);
}

/**
 * Makes calls of all kinds, and waits until each is in the middle of its handler.
 *
 * @returns Their end, wrapped so that it is not waited for yet.
 */
async function begin100(ledger: Ledger, { server, transport }: Hop): Promise<{ end: Promise<unknown> }> {
  const calls = Array.from({ length: 100 }, (_, i) => {
    return ledger.make(transport, { method: METHODS[i % 4] ?? "echo", messages: 5, bytes: MESSAGE_BYTES });
  });
  await mustBecome("busy calls", () => server.stats().runningHandlers === 100);
  return { end: Promise.all(calls) };
}

Deno.test("[B4] a client's reader that reads no more fails alone, and 100 calls finish", async () => {
  const clock = new FakeClock();
  using _clock = clock.install();
  using folder = new TempFolder();
  const gate = Promise.withResolvers<void>();
  const ledger = new Ledger({ work: () => gate.promise });
  const hop = await connectTo(folder.file("s"), (router) => {
    registerInterop(router, ledger.implementation);
    registerGreeter(router, {
      *count() {
        for (let i = 0;; i++) yield { i };
      },
    });
  });
  const busy = await begin100(ledger, hop);
  const stuck = createGreeterClient(hop.transport).count({})[Symbol.asyncIterator]();
  assertEquals((await stuck.next()).value?.i, 0);
  await mustBecome("a full buffer", () => hop.transport.stats().queuedBytes > BUFFER_BYTES);
  gate.resolve();
  await passTime(clock, "busy calls", busy.end);
  assertEquals(ledger.answered, 100);
  const error = await assertRejects(() => mustSettle("the stuck stream", stuck.next()), TtrpcError);
  assertEquals(error.code, Code.ResourceExhausted);
  await assertEndsIdle(clock, hop);
  ledger.check([]);
});

Deno.test("[B4] a server's handler that reads no more fails alone, and 100 calls finish", async () => {
  const clock = new FakeClock();
  using _clock = clock.install();
  using folder = new TempFolder();
  const gate = Promise.withResolvers<void>();
  const ledger = new Ledger({ work: () => gate.promise });
  const hop = await connectTo(folder.file("s"), (router) => {
    registerInterop(router, ledger.implementation);
    registerGreeter(router, {
      helloAll: (_requests, { signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    });
  });
  const busy = await begin100(ledger, hop);
  const upload = createGreeterClient(hop.transport).helloAll(endless({ name: "Ada" }));
  const failure = assertRejects(() => upload, TtrpcError);
  await mustStandStill("what the server reads", () => hop.server.stats().receivedBytes);
  assertGreater(hop.server.stats().queuedBytes, BUFFER_BYTES);
  // One that the server can only see when it reads on.
  const behind = ledger.make(hop.transport, { method: "echo", messages: 1, bytes: MESSAGE_BYTES });
  gate.resolve();
  await passTime(clock, "busy calls", Promise.all([busy.end, behind]));
  assertEquals(ledger.answered, 101);
  assertEquals((await mustSettle("the stuck upload", failure)).code, Code.ResourceExhausted);
  await assertEndsIdle(clock, hop);
  ledger.check([]);
});

Deno.test("closing a connection whose readers read no more, on both sides, leaves nothing behind", async () => {
  const clock = new FakeClock();
  using _clock = clock.install();
  using folder = new TempFolder();
  const hop = await connectTo(folder.file("s"), (router) =>
    registerGreeter(router, {
      async *chat(_requests, { signal }) {
        while (!signal.aborted) yield { text: "Ada" };
      },
    }));
  const stuck = createGreeterClient(hop.transport).chat(endless({ name: "Ada" }))[Symbol.asyncIterator]();
  assertEquals((await stuck.next()).value?.text, "Ada");
  for (const side of [hop.transport, hop.server]) {
    await mustBecome("a full buffer", () => side.stats().queuedBytes > BUFFER_BYTES);
  }
  await assertEndsIdle(clock, hop);
  await assertRejects(() => stuck.next(), TtrpcError);
});

Deno.test("[B3] a proxy between a fast server and a slow reader holds a bounded part of the stream", async () => {
  const clock = new FakeClock();
  using _clock = clock.install();
  using folder = new TempFolder();
  let made = 0;
  const behind = await connectTo(folder.file("behind"), (router) =>
    registerInterop(router, {
      *count({ n }) {
        while (made < n) yield { seq: BigInt(made), payload: pattern(made++, MESSAGE_BYTES) };
      },
    }));
  const front = await connectTo(folder.file("front"), (router) => {
    registerInterop(router, createInteropClient(behind.transport));
  });
  const total = 20_000;
  let read = 0;
  const mostAhead = Math.floor(2 * HOP_BYTES / MESSAGE_BYTES);
  for await (const { seq, payload } of createInteropClient(front.transport).count({ n: total })) {
    assertEquals(Number(seq), read);
    assertEquals(payload, pattern(read, MESSAGE_BYTES));
    read++;
    if (read % 5_000 !== 1) continue;
    await mustStandStill("the fast server", () => made);
    console.log(
      `${made - read} messages of ${MESSAGE_BYTES} bytes ahead of the reader, at most ${mostAhead}`,
    );
    assertGreater(made, read);
    assertLessOrEqual(made - read, mostAhead);
  }
  assertEquals(read, total);
  await assertEndsIdle(clock, front, behind);
});

for (const method of ["sum", "chat"] as const) {
  Deno.test(`[B1] ${method}, whose handler waits, asks for no more messages than may wait`, async () => {
    const clock = new FakeClock();
    using _clock = clock.install();
    using folder = new TempFolder();
    const gate = Promise.withResolvers<void>();
    const hop = await connectTo(folder.file("s"), (router) =>
      registerInterop(router, {
        async sum(numbers) {
          await gate.promise;
          return { count: BigInt((await Array.fromAsync(numbers)).length) };
        },
        async *chat(items) {
          await gate.promise;
          yield { seq: BigInt((await Array.fromAsync(items)).length) };
        },
      }));
    const total = 20_000;
    let asked = 0;
    const source = function* () {
      while (asked < total) yield { payload: pattern(asked++, MESSAGE_BYTES) };
    };
    const client = createInteropClient(hop.transport);
    const reply = method === "sum"
      ? client.sum(source()).then(({ count }) => count)
      : Array.fromAsync(client.chat(source()), ({ seq }) => seq).then(([seq]) => seq);
    await mustBecome("the first message", () => asked > 0);
    await mustStandStill("the source", () => asked);
    const mostAsked = Math.floor(HOP_BYTES / MESSAGE_BYTES);
    console.log(`${asked} messages of ${MESSAGE_BYTES} bytes asked for, at most ${mostAsked}`);
    assertLessOrEqual(asked, mostAsked);
    gate.resolve();
    assertEquals(Number(await mustSettle("the upload", reply)), total);
    await assertEndsIdle(clock, hop);
  });
}

function* endless<T>(message: T): Generator<T> {
  for (;;) yield message;
}
