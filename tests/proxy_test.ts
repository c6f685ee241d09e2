import { assertEquals, assertRejects } from "@std/assert";
import { MissingFieldSchema } from "../gen/greeter/v1/greeter_pb.ts";
import {
  createGreeterClient,
  type GreeterClient,
  type GreeterImplementation,
  registerGreeter,
} from "../gen/greeter/v1/greeter_ttrpc.ts";
import {
  Code,
  createContextKey,
  createRouterTransport,
  type HandlerContext,
  type Interceptor,
  Metadata,
  TtrpcError,
} from "../mod.ts";
import { FakeClock } from "./fake_clock.ts";
import { interceptGreeter, KINDS } from "./greeter_kinds.ts";
import { settled } from "./settled.ts";

const user = createContextKey("nobody");

/** On the server of a proxy: tells what it knows of the caller. */
const tellUser: Interceptor = (next) => (request) => {
  request.contextValues.set(user, request.metadata.get("user") ?? "nobody");
  return next(request);
};

/** On the client of a proxy: sends on what it was told. */
const sendUser: Interceptor = (next) => (request) => {
  request.metadata.set("told", request.contextValues.get(user));
  return next(request);
};

/** A greeter behind a proxy, which is nothing but the greeter's own client. */
function greeterBehindProxy(implementation: Partial<GreeterImplementation>): GreeterClient {
  const upstream = createRouterTransport((router) => registerGreeter(router, implementation));
  const proxy = createRouterTransport((router) => registerGreeter(router, createGreeterClient(upstream)));
  return createGreeterClient(proxy);
}

/**
 * A greeter of which every call waits until it is given up; then its context's signal and its input say why.
 */
function waitingGreeter(): { implementation: GreeterImplementation; reasons: Promise<unknown>[] } {
  const reasons: Promise<unknown>[] = [];
  const wait = async ({ signal }: HandlerContext, requests?: AsyncIterable<unknown>) => {
    const aborted = Promise.withResolvers<unknown>();
    reasons.push(aborted.promise);
    signal.addEventListener("abort", () => aborted.resolve(signal.reason.code));
    if (requests !== undefined) reasons.push(Array.fromAsync(requests).catch((error) => error.code));
    await aborted.promise;
    return {};
  };
  const implementation: GreeterImplementation = {
    hello: (_request, context) => wait(context),
    async *count(_request, context) {
      yield { i: 7 };
      await wait(context);
    },
    helloAll: (requests, context) => wait(context, requests),
    async *chat(requests, context) {
      yield { text: "Ada" };
      await wait(context, requests);
    },
  };
  return { implementation, reasons };
}

async function* namesWithoutEnd() {
  yield { name: "Ada" };
  await new Promise(() => {});
}

/** Begins a call of each kind and reads the first reply where there is a stream of them. */
async function beginAll(greeter: GreeterClient, options: { signal?: AbortSignal; timeoutMs?: number }) {
  const streams = [greeter.count({}, options), greeter.chat(namesWithoutEnd(), options)];
  const replies = streams.map((stream) => stream[Symbol.asyncIterator]());
  const calls: Promise<unknown>[] = [
    greeter.hello({}, options),
    greeter.helloAll(namesWithoutEnd(), options),
  ];
  for (const stream of replies) await stream.next();
  await settled();
  for (const stream of replies) calls.push(stream.next());
  return { failures: calls.map((call) => assertRejects(() => call, TtrpcError)) };
}

Deno.test("a proxy passes the four kinds on", async () => {
  const greeter = greeterBehindProxy({
    hello: ({ name }) => ({ text: name }),
    count: ({ n }) => Array.from({ length: n }, (_, i) => ({ i })),
    helloAll: async (requests) => ({ text: (await Array.fromAsync(requests, ({ name }) => name)).join() }),
    async *chat(requests) {
      for await (const { name } of requests) yield { text: name };
    },
  });
  assertEquals((await greeter.hello({ name: "Ada" })).text, "Ada");
  assertEquals(await Array.fromAsync(greeter.count({ n: 1000 }), ({ i }) => i), [...Array(1000).keys()]);
  const names = ["Ada", "", "Eve"].map((name) => ({ name }));
  assertEquals((await greeter.helloAll(names)).text, "Ada,,Eve");
  assertEquals(await Array.fromAsync(greeter.chat(names), ({ text }) => text), ["Ada", "", "Eve"]);
});

Deno.test("[S11] a proxy passes errors on with code, message and details", async () => {
  const code: number = 4711;
  const fail = () => {
    throw new TtrpcError("No name", code, {
      details: [{ desc: MissingFieldSchema, value: { field: "name" } }],
    });
  };
  const greeter = greeterBehindProxy({ hello: fail, count: fail, helloAll: fail });
  for (
    const call of [
      greeter.hello({}),
      Array.fromAsync(greeter.count({})),
      greeter.helloAll([]),
    ]
  ) {
    const error = await assertRejects(() => call, TtrpcError);
    assertEquals([error.code, error.rawMessage], [code, "No name"]);
    assertEquals(error.findDetails(MissingFieldSchema).map(({ field }) => field), ["name"]);
  }
  const unknown = await assertRejects(() => Array.fromAsync(greeter.chat([])), TtrpcError);
  assertEquals([unknown.code, unknown.rawMessage], [Code.Unimplemented, "method Chat"]);
});

Deno.test("[C4, C5] a proxy passes metadata and deadline on", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const seen: unknown[] = [];
  const see = ({ metadata, timeoutMs }: HandlerContext) => {
    seen.push([[...metadata], timeoutMs]);
    return {};
  };
  const greeter = greeterBehindProxy({
    hello: (_request, context) => see(context),
    count: (_request, context) => [see(context)],
    helloAll: (_requests, context) => see(context),
    chat: (_requests, context) => [see(context)],
  });
  const metadata = new Metadata([["Trace", "7"], ["b", ""], ["trace", "8"]]);
  for (const options of [{ metadata }, { metadata, timeoutMs: 250 }]) {
    await greeter.hello({}, options);
    await Array.fromAsync(greeter.count({}, options));
    await greeter.helloAll([], options);
    await Array.fromAsync(greeter.chat([], options));
  }
  const pairs = [["trace", "7"], ["b", ""], ["trace", "8"]];
  assertEquals(seen, [undefined, 250].flatMap((timeoutMs) => Array(4).fill([pairs, timeoutMs])));
});

Deno.test("[X2, X3] a proxy passes cancellation on, and never ends a partial upload", async () => {
  const passed = new TtrpcError("context deadline exceeded", Code.DeadlineExceeded);
  for (const [reason, code] of [[new Error("enough"), Code.Canceled], [passed, passed.code]] as const) {
    const { implementation, reasons } = waitingGreeter();
    const controller = new AbortController();
    const { failures } = await beginAll(greeterBehindProxy(implementation), { signal: controller.signal });
    controller.abort(reason);
    assertEquals((await Promise.all(failures)).map(({ code }) => code), Array(4).fill(code));
    assertEquals(await Promise.all(reasons), Array(6).fill(code));
  }
});

Deno.test("[D2, X3] a proxy passes the deadline's end on", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { implementation, reasons } = waitingGreeter();
  const { failures } = await beginAll(greeterBehindProxy(implementation), { timeoutMs: 250 });
  clock.advance(250);
  const codes = (await Promise.all(failures)).map(({ code }) => code);
  assertEquals(codes, Array(4).fill(Code.DeadlineExceeded));
  assertEquals(await Promise.all(reasons), Array(6).fill(Code.DeadlineExceeded));
});

Deno.test("[X2] a proxy passes on that a loop was left", async () => {
  const { implementation, reasons } = waitingGreeter();
  const greeter = greeterBehindProxy(implementation);
  for await (const _ of greeter.chat(namesWithoutEnd())) {
    await settled();
    break;
  }
  await settled();
  assertEquals(await Promise.all(reasons), [Code.Canceled, Code.Canceled]);
});

Deno.test("a proxy passes context values on from its server's interceptors to its client's", async () => {
  const upstream = interceptGreeter({ client: [sendUser] });
  const proxy = interceptGreeter({ server: [tellUser] }, upstream.greeter);
  for (const { call } of KINDS) {
    assertEquals(await call(proxy.greeter, "1", { metadata: { user: "Ada" } }), ["1"]);
  }
  const pairs = upstream.contexts.map(({ metadata }) => [...metadata]);
  assertEquals(pairs, KINDS.map(() => [["user", "Ada"], ["told", "Ada"]]));
});

Deno.test("a proxy may change what it passes on", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const upstream = interceptGreeter({ client: [sendUser] });
  const { greeter } = upstream;
  const overrides = { timeoutMs: 10, metadata: { by: "proxy" }, contextValues: undefined };
  const proxy = interceptGreeter({ server: [tellUser] }, {
    hello: (request, context) => greeter.hello(request, context.callOptions(overrides)),
    count: (request, context) => greeter.count(request, context.callOptions(overrides)),
    helloAll: (requests, context) => greeter.helloAll(requests, context.callOptions(overrides)),
    chat: (requests, context) => greeter.chat(requests, context.callOptions(overrides)),
  });
  for (const { call } of KINDS) {
    await call(proxy.greeter, "1", { metadata: { user: "Ada" }, timeoutMs: 50 });
  }
  const seen = upstream.contexts.map(({ metadata, timeoutMs }) => [[...metadata], timeoutMs]);
  assertEquals(seen, KINDS.map(() => [[["by", "proxy"], ["told", "nobody"]], 10]));
});

Deno.test("[X2] a proxy with interceptors on all its ways passes cancellation on", async () => {
  const { implementation, reasons } = waitingGreeter();
  const pass: Interceptor = (next) => (request) => next(request);
  const upstream = interceptGreeter({ client: [pass], server: [pass] }, implementation);
  const proxy = interceptGreeter({ client: [pass], server: [pass] }, upstream.greeter);
  const controller = new AbortController();
  const { failures } = await beginAll(proxy.greeter, { signal: controller.signal });
  controller.abort();
  assertEquals((await Promise.all(failures)).map(({ code }) => code), Array(4).fill(Code.Canceled));
  assertEquals(await Promise.all(reasons), Array(6).fill(Code.Canceled));
  await settled();
  assertEquals([proxy, upstream].map(({ transport }) => transport.stats().openCalls), [0, 0]);
});
