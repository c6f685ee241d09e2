import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { concat } from "@std/bytes";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { createGreeterClient, registerGreeter } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import { encodeFrame } from "../../src/frame/encode_frame.ts";
import { sameUser } from "../../src/net/authorize.ts";
import { connect } from "../../src/net/connect.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { listen } from "../../src/net/listen.ts";
import { memoryDuplex } from "../../src/net/memory_duplex.ts";
import { serve, type ServeOptions } from "../../src/net/serve.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { dataFrame, EMPTY, requestFrame } from "../call_frames.ts";
import { isPending } from "../is_pending.ts";
import { settled } from "../settled.ts";
import { greet } from "./greet.ts";
import { abstractAddress, TempFolder } from "./temp_folder.ts";
import { assertStats } from "../assert_stats.ts";

/** A listener to which nobody ever connects, and which can't be closed. */
function nobody(): AsyncIterable<Duplex> {
  return new ReadableStream<Duplex>();
}

const REFUSED: [
  options: Omit<ServeOptions, "routes">,
  error: typeof TypeError | typeof RangeError,
  message: string,
][] = [
  [{}, TypeError, "Cannot serve: give either address or listener"],
  [{ address: "/a", listener: nobody() }, TypeError, "give either address or listener"],
  [{ address: "http://localhost" }, TypeError, 'Cannot use address "http://localhost"'],
  [{ address: "tcp://127.0.0.1:0", authorize: sameUser }, TypeError, "Cannot tell who connects to tcp://"],
  [{ address: "vsock://-1:1024", authorize: sameUser }, TypeError, "Cannot tell who connects to vsock://"],
  [{ listener: nobody(), readMaxBytes: -1 }, RangeError, "Cannot use -1 as readMaxBytes"],
];

Deno.test("serve() rejects for wrong options", { permissions: "none" }, async () => {
  for (const [options, error, message] of REFUSED) {
    await assertRejects(() => serve({ ...options, routes: greet }), error, message);
  }
});

for (const kind of ["a socket file", "an abstract name"]) {
  Deno.test(`serve() answers calls on ${kind}, and says who calls`, async () => {
    using folder = new TempFolder();
    const heard: string[] = [];
    const server = await serve({
      address: kind === "a socket file" ? `unix:${folder.path}/a.sock` : abstractAddress(),
      routes: greet,
      onListen: (address) => heard.push(address),
    });
    if (kind === "a socket file") assertEquals(server.address, `unix://${folder.path}/a.sock`);
    assertEquals(heard, [server.address]);
    for (let i = 0; i < 2; i++) {
      await using transport = createTransport({ address: server.address });
      const { text } = await createGreeterClient(transport).hello({ name: "Ada" });
      assertEquals(text, `Hello, Ada at ${server.address}`);
    }
    assertStats(server.stats(), { openCalls: 0, lateFrames: 0 });
    assertEquals(await isPending(server.finished), true);
    await server.shutdown();
    await server.finished;
    await assertRejects(() => connect(server.address), TtrpcError, "Cannot connect to");
    assertEquals(folder.names(), []);
  });
}

Deno.test("serve() refuses the address of another server, which goes on", async () => {
  using folder = new TempFolder();
  await using server = await serve({ address: folder.file("a.sock"), routes: greet });
  const error = await assertRejects(() => serve({ address: server.address, routes: greet }), TtrpcError);
  assertEquals(error.rawMessage, `Cannot listen on ${server.address}: Address in use by a live server`);
  assertEquals(error.code, Code.Unavailable);
  await using transport = createTransport({ address: server.address });
  await createGreeterClient(transport).hello({ name: "Ada" });
});

Deno.test("serve() takes the place of a server that is gone", async () => {
  using folder = new TempFolder();
  const address = folder.file("a.sock");
  for (let i = 0; i < 3; i++) {
    await using server = await serve({ address, routes: greet });
    assertEquals(server.stats().openCalls, 0);
  }
  assertEquals(folder.names(), []);
});

Deno.test("serve() shuts down when its signal aborts, also before it begins", async () => {
  using folder = new TempFolder();
  for (const abortsBefore of [true, false]) {
    const controller = new AbortController();
    if (abortsBefore) controller.abort();
    const server = await serve({ address: folder.file("a.sock"), routes: greet, signal: controller.signal });
    if (!abortsBefore) {
      await using transport = createTransport({ address: server.address });
      await createGreeterClient(transport).hello({ name: "Ada" });
      controller.abort();
    }
    await server.finished;
    assertEquals(folder.names(), []);
  }
});

Deno.test("[Z3] Server.shutdown() lets open calls end, and refuses what is new", async () => {
  using folder = new TempFolder();
  const { promise: begun, resolve: onBegun } = Promise.withResolvers<void>();
  const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
  const server = await serve({
    address: folder.file("a.sock"),
    routes: (router) =>
      registerGreeter(router, {
        async hello({ name }) {
          onBegun();
          await gate;
          return { text: name };
        },
      }),
  });
  await using transport = createTransport({ address: server.address });
  const greeter = createGreeterClient(transport);
  const reply = greeter.hello({ name: "Ada" });
  await begun;
  assertStats(server.stats(), { openCalls: 1, lateFrames: 0 });
  const done = server.shutdown();
  assertEquals(folder.names(), []);
  const refused = await assertRejects(() => greeter.hello({ name: "Grace" }), TtrpcError, "shutting down");
  assertEquals(refused.code, Code.Unavailable);
  assertEquals(await isPending(done), true);
  openGate();
  assertEquals((await reply).text, "Ada");
  await done;
  await server.shutdown();
});

Deno.test("[Z3] Server.shutdown() fails with 14 what is left after its grace time", async () => {
  using folder = new TempFolder();
  const { promise: begun, resolve: onBegun } = Promise.withResolvers<AbortSignal>();
  const server = await serve({
    address: folder.file("a.sock"),
    routes: (router) =>
      registerGreeter(router, {
        hello(_request, { signal }) {
          onBegun(signal);
          return new Promise(() => {});
        },
      }),
  });
  await using transport = createTransport({ address: server.address });
  const reply = createGreeterClient(transport).hello({});
  const failed = assertRejects(() => reply, TtrpcError, "shutting down");
  const signal = await begun;
  await server.shutdown({ graceMs: 0 });
  assertEquals([(await failed).code, signal.aborted], [Code.Unavailable, true]);
});

Deno.test("Server.shutdown() can be hurried along", async () => {
  using folder = new TempFolder();
  const begun = Promise.withResolvers<void>();
  const server = await serve({
    address: folder.file("a.sock"),
    routes: (router) =>
      registerGreeter(router, {
        hello() {
          begun.resolve();
          return new Promise(() => {});
        },
      }),
  });
  await using transport = createTransport({ address: server.address });
  const failed = assertRejects(() => createGreeterClient(transport).hello({}), TtrpcError, "shutting down");
  await begun.promise;
  const finished = server.shutdown({ graceMs: 1_000_000 });
  server.shutdown({ graceMs: 0 });
  await Promise.all([finished, failed]);
});

Deno.test("Server.stats() counts late frames once, also of connections that are gone", async () => {
  using folder = new TempFolder();
  await using server = await serve({ address: folder.file("a.sock"), routes: greet });
  for (let lateFrames = 1; lateFrames <= 2; lateFrames++) {
    const duplex = await connect(server.address);
    const frames = [requestFrame(1, Greeter.method.hello, 0), dataFrame(1, EMPTY)];
    const writer = duplex.writable.getWriter();
    const reader = duplex.readable.getReader();
    await writer.write(concat(frames.map(encodeFrame)));
    await reader.read();
    assertStats(server.stats(), { openCalls: 0, lateFrames });
    await writer.close();
    assertEquals((await reader.read()).done, true);
    assertStats(server.stats(), { openCalls: 0, lateFrames });
    duplex.close();
  }
});

Deno.test("serve() takes connections from a listener, and closes it", async () => {
  using folder = new TempFolder();
  const listener = await listen(folder.file("a.sock"));
  const server = await serve({ listener, routes: greet });
  assertEquals(server.address, listener.address);
  await using transport = createTransport({ address: listener.address });
  await createGreeterClient(transport).hello({ name: "Ada" });
  await server.shutdown();
  assertEquals(folder.names(), []);
});

Deno.test("serve() ends with its listener and the last connection", { permissions: "none" }, async () => {
  const [ours, theirs] = memoryDuplex();
  const server = await serve({ listener: ReadableStream.from([theirs]), routes: greet });
  assertEquals(server.address, "unknown");
  await settled();
  const transport = createTransport({ connect: () => Promise.resolve(ours) });
  await createGreeterClient(transport).hello({ name: "Ada" });
  await transport.close();
  await server.finished;
});

Deno.test("serve() shuts down on a listener that can't be closed", { permissions: "none" }, async () => {
  const server = await serve({ listener: nobody(), routes: greet });
  assertEquals(await isPending(server.finished), true);
  await server.shutdown();
});

Deno.test("serve() refuses what comes after the shutdown", { permissions: "none" }, async () => {
  const [ours, theirs] = memoryDuplex();
  const { promise, resolve } = Promise.withResolvers<Duplex>();
  let isLeft = false;
  const listener = async function* (): AsyncGenerator<Duplex> {
    try {
      yield await promise;
      await new Promise(() => {});
    } finally {
      isLeft = true;
    }
  };
  const server = await serve({ listener: listener(), routes: greet });
  await server.shutdown();
  resolve(theirs);
  assertEquals((await ours.readable.getReader().read()).done, true);
  assertEquals(isLeft, true);
});

Deno.test("Server.finished rejects when accepting fails", { permissions: "none" }, async () => {
  const error = new Error("Too many open files");
  const listener = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }),
  };
  const server = await serve({ listener, routes: greet });
  assertStrictEquals(await assertRejects(() => server.finished), error);
  // Leaving an `await using` must not hide that error behind another.
  await server[Symbol.asyncDispose]();
});

Deno.test("Server.shutdown() is no failure of a listener that rejects when it is closed", async () => {
  const { promise, reject } = Promise.withResolvers<IteratorResult<Duplex>>();
  let closes = 0;
  const listener = {
    [Symbol.asyncIterator]: () => ({ next: () => promise }),
    close() {
      if (++closes > 1) throw new Error("closed before");
      reject(new Error("closed"));
    },
  };
  const server = await serve({ listener, routes: greet });
  await server.shutdown();
  await Promise.all([server.finished, server.shutdown({ graceMs: 0 })]);
  assertEquals(closes, 1);
});

Deno.test("serve() leaves nothing behind when onListen throws", async () => {
  using folder = new TempFolder();
  const onListen = () => {
    throw new Error("no luck");
  };
  await assertRejects(
    () => serve({ address: folder.file("a.sock"), routes: greet, onListen }),
    Error,
    "no luck",
  );
  assertEquals(folder.names(), []);
});

Deno.test("serve() tells onError what a handler threw and of lost connections", async () => {
  using folder = new TempFolder();
  const { promise: lost, resolve: onLost } = Promise.withResolvers<TtrpcError>();
  const errors: unknown[] = [];
  await using server = await serve({
    address: folder.file("a.sock"),
    routes: (router) =>
      registerGreeter(router, {
        hello() {
          throw new Error("no luck");
        },
      }),
    onError: (error) => error instanceof TtrpcError ? onLost(error) : errors.push(error),
  });
  {
    await using transport = createTransport({ address: server.address });
    await assertRejects(() => createGreeterClient(transport).hello({}), TtrpcError, "[unknown] no luck");
  }
  assertEquals(errors.map(String), ["Error: no luck"]);
  const duplex = await connect(server.address);
  await duplex.writable.getWriter().write(new Uint8Array(10).fill(0xff));
  assert((await lost).cause instanceof Error);
  duplex.close();
});
