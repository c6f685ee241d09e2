import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { create, isMessage } from "@bufbuild/protobuf";
import { Greeter, HelloReplySchema, HelloRequestSchema } from "../../gen/greeter/v1/greeter_pb.ts";
import { createClient } from "../../src/client/client.ts";
import { ConnectingTransport } from "../../src/client/connecting_transport.ts";
import { FrameFlag } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import type { Interceptor } from "../../src/rpc/interceptor.ts";
import { Metadata } from "../../src/rpc/metadata.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
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
import { FakeClock } from "../fake_clock.ts";
import { interceptGreeter, KINDS } from "../greeter_kinds.ts";
import { ScriptedPeer } from "../scripted_peer.ts";
import { settled } from "../settled.ts";
import { failureOf, openDialogue } from "./dialogue.ts";
import { assertStats } from "../assert_stats.ts";

const { hello, count, helloAll, chat } = Greeter.method;
const never = new Promise<never>(() => {});

const passing: Interceptor = (next) => (request) => next(request);

/** Lets all messages of streams through a generator, and tells how each ends. */
function noteEnds(log: string[]): Interceptor {
  async function* noting<T>(messages: AsyncIterable<T>, name: string): AsyncGenerator<T> {
    let end = "is left";
    try {
      yield* messages;
      end = "ends";
    } catch (error) {
      end = "fails";
      throw error;
    } finally {
      log.push(`${name} ${end}`);
    }
  }
  return (next) => async (request) => {
    if (!request.stream) return await next(request);
    const response = await next({ ...request, message: noting(request.message, "request") });
    return response.stream ? { ...response, message: noting(response.message, "reply") } : response;
  };
}

Deno.test("[D4] an intercepted call refuses NaN: a promise by rejecting, else at once", async () => {
  const { greeter } = openDialogue({ interceptors: [passing] });
  const options = { timeoutMs: NaN };
  for (const call of [() => greeter.hello({}, options), () => greeter.helloAll([], options)]) {
    const reply = call();
    await assertRejects(() => reply, RangeError, "Cannot use NaN as timeoutMs");
  }
  for (const call of [() => greeter.count({}, options), () => greeter.chat([], options)]) {
    assertThrows(call, RangeError, "Cannot use NaN as timeoutMs");
  }
});

Deno.test("an intercepted stream can be iterated once", async () => {
  const { greeter } = interceptGreeter({ client: [passing] });
  const replies = greeter.count({ n: 7 });
  assertEquals(await Array.fromAsync(replies, ({ i }) => i), [7]);
  assertThrows(() => replies[Symbol.asyncIterator](), TypeError, "over the replies of a call twice");
});

Deno.test("an intercepted stream begins at the first next()", async () => {
  const seen: unknown[] = [];
  const watch: Interceptor = (next) => (request) => {
    seen.push(request.method);
    return next(request);
  };
  const { greeter, peer } = openDialogue({ interceptors: [watch] });
  const replies = greeter.chat([])[Symbol.asyncIterator]();
  await settled();
  assertEquals(seen, []);
  const first = replies.next();
  assertEquals(seen, [chat]);
  assertEquals(await peer.take(2), [requestFrame(1, chat, OPEN), endFrame(1)]);
  peer.send(endFrame(1));
  assertEquals(await first, { done: true, value: undefined });
});

Deno.test("an intercepted call shows whole messages to its interceptors", async () => {
  const seen: unknown[] = [];
  const watch: Interceptor = (next) => async (request) => {
    if (!request.stream) seen.push(request.message);
    else seen.push(...await Array.fromAsync(request.message));
    return await next(request.stream ? { ...request, message: ReadableStream.from([]) } : request);
  };
  const { greeter } = interceptGreeter({ client: [watch] });
  await greeter.hello({ name: "Ada" });
  await greeter.helloAll([{ name: "Ada" }, {}]);
  const names = seen.map((message) => isMessage(message, HelloRequestSchema) && message.name);
  assertEquals(names, ["Ada", "Ada", ""]);
});

for (const defaultTimeoutMs of [Infinity, 50]) {
  Deno.test(`[D1] an intercepted call's time runs from its invocation, by default ${defaultTimeoutMs} ms`, async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const slow: Interceptor = (next) => (request) => {
      clock.advance(10);
      return next(request);
    };
    const { greeter, peer } = openDialogue({ interceptors: [slow], defaultTimeoutMs });
    const streams = [greeter.count({}), greeter.count({}, { timeoutMs: 100 })];
    clock.advance(20);
    for (const stream of streams) stream[Symbol.asyncIterator]().next().catch(() => {});
    // Both are sent once there is a connection: after 20 ms, and 10 in the interceptor of each.
    const lefts = [defaultTimeoutMs - 40, 100 - 40];
    const frames = lefts.map((leftMs, i) =>
      requestFrame(2 * i + 1, count, FrameFlag.RemoteClosed, {
        timeoutNano: leftMs === Infinity ? 0n : BigInt(leftMs * 1e6),
      })
    );
    assertEquals(await peer.take(2), frames);
    peer.close();
  });
}

Deno.test("[D3] an intercepted stream whose deadline passes before it is read calls no interceptor", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const refuse: Interceptor = () => () => {
    throw new Error("It was called");
  };
  const { greeter, transport } = openDialogue({ interceptors: [refuse] });
  const replies = greeter.count({}, { timeoutMs: 10 });
  clock.advance(10);
  const { code, requestSent } = await failureOf(Array.fromAsync(replies));
  assertEquals([code, requestSent], [Code.DeadlineExceeded, false]);
  assertEquals([clock.pendingTimers, transport.stats().openCalls], [0, 0]);
});

for (const { kind, call } of KINDS) {
  Deno.test(`[X4] intercepted ${kind} call with a signal that has aborted calls no interceptor`, async () => {
    const refuse: Interceptor = () => () => {
      throw new Error("It was called");
    };
    const { greeter, contexts } = interceptGreeter({ client: [refuse] });
    const error = await failureOf(call(greeter, "1", { signal: AbortSignal.abort("enough") }));
    assertEquals([error.code, error.cause, error.requestSent], [Code.Canceled, "enough", false]);
    const reason = new TtrpcError("Left", Code.Unavailable);
    assertStrictEquals(await failureOf(call(greeter, "1", { signal: AbortSignal.abort(reason) })), reason);
    assertEquals(contexts, []);
  });
}

Deno.test("an intercepted client stream shows one reply, and its loops run to the end", async () => {
  const log: string[] = [];
  const { greeter } = interceptGreeter({ client: [noteEnds(log), noteEnds(log)] });
  assertEquals((await greeter.helloAll([{ name: "Ada" }, { name: "Eve" }])).text, "Ada,Eve");
  assertEquals(log, ["request ends", "request ends", "reply ends", "reply ends"]);
});

for (const replies of [[], [1, 2]]) {
  Deno.test(`an intercepted client stream fails with ${replies.length} replies`, async () => {
    const change: Interceptor = (next) => async (request) => {
      const response = await next(request);
      if (!response.stream) return response;
      const [reply] = await Array.fromAsync(response.message);
      return { stream: true, message: ReadableStream.from(replies.flatMap(() => reply ?? [])) };
    };
    const { greeter } = interceptGreeter({ client: [change] });
    const { code, rawMessage } = await failureOf(greeter.helloAll([]));
    assertEquals(code, Code.Internal);
    const found = replies.length === 0 ? "none" : "more than one";
    assertEquals(rawMessage, `Cannot take messages: ${found} where one is due`);
  });
}

Deno.test("an intercepted upload whose source throws gives its call up", async () => {
  const log: string[] = [];
  const { greeter, peer } = openDialogue({ interceptors: [noteEnds(log)] });
  const cause = new RangeError("none left");
  async function* names() {
    yield { name: "Ada" };
    throw cause;
  }
  const failure = failureOf(greeter.helloAll(names()));
  assertEquals(await peer.take(3), [
    requestFrame(1, helloAll, OPEN),
    dataFrame(1, words("Ada")),
    statusFrame(1, Code.Canceled),
  ]);
  const error = await failure;
  assertEquals([error.code, error.rawMessage, error.cause], [
    Code.Canceled,
    "Upload failed: none left",
    cause,
  ]);
  assertEquals(log, ["request fails"]);
});

Deno.test("an intercepted upload tells its source to return once the server has answered", async () => {
  const { greeter, peer } = openDialogue({ interceptors: [passing] });
  const told: string[] = [];
  const names = {
    [Symbol.asyncIterator]: () => ({
      next: () => (told.push("next"), never),
      return: () => (told.push("return"), never),
    }),
  };
  const reply = greeter.helloAll(names);
  assertEquals(await peer.next(), requestFrame(1, helloAll, OPEN));
  await settled();
  peer.send(responseFrame(1, words("enough")));
  assertEquals((await reply).text, "enough");
  await settled();
  assertEquals(told, ["next", "return"]);
});

Deno.test("an interceptor's own signal ends its try, and the caller's still ends the call", async () => {
  const tries = [new AbortController(), new AbortController()];
  const tryTwice: Interceptor = (next) => async (request) => {
    const [first, second] = tries.map(({ signal }) => () => next({ ...request, signal }));
    return await first?.().catch(second) ?? await never;
  };
  const { greeter, peer } = openDialogue({ interceptors: [tryTwice] });
  const controller = new AbortController();
  const failure = failureOf(greeter.hello({}, { signal: controller.signal }));
  assertEquals(await peer.next(), requestFrame(1, hello, 0));
  tries[0]?.abort();
  assertEquals(await peer.take(2), [statusFrame(1, Code.Canceled), requestFrame(3, hello, 0)]);
  controller.abort("enough");
  assertEquals((await failure).cause, "enough");
  assertEquals(await peer.next(), statusFrame(3, Code.Canceled));
});

Deno.test("an interceptor's own signal ends a stream", async () => {
  const own = new AbortController();
  const { greeter, peer } = openDialogue({
    interceptors: [(next) => (request) => next({ ...request, signal: own.signal })],
  });
  const replies = greeter.count({})[Symbol.asyncIterator]();
  const first = replies.next();
  await peer.next();
  peer.send(dataFrame(1, number(7)));
  assertEquals((await first).value?.i, 7);
  const failure = failureOf(replies.next());
  own.abort("enough");
  assertEquals((await failure).cause, "enough");
  assertEquals(await peer.next(), statusFrame(1, Code.Canceled));
});

Deno.test("an interceptor that is given up while it waits sends nothing when it goes on", async () => {
  const wait = Promise.withResolvers<void>();
  const errors: unknown[] = [];
  const slow: Interceptor = (next) => async (request) => {
    await wait.promise;
    try {
      return await next(request);
    } catch (error) {
      errors.push(error);
      throw error;
    }
  };
  const controller = new AbortController();
  const { greeter, transport } = openDialogue({ interceptors: [slow] });
  const options = { signal: controller.signal };
  const failures = [greeter.hello({}, options), greeter.helloAll([], options)].map(failureOf);
  controller.abort();
  const [unary, upload] = await Promise.all(failures);
  wait.resolve();
  await settled();
  assertEquals(errors, [unary, upload]);
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
});

Deno.test("[Z1] an intercepted call that could not be sent says so to its interceptors and its caller", async () => {
  const seen: unknown[] = [];
  const watch: Interceptor = (next) => async (request) => {
    try {
      return await next(request);
    } catch (error) {
      seen.push(error);
      throw error;
    }
  };
  const transport = new ConnectingTransport(() => Promise.reject(new Error("Refused")), {
    interceptors: [watch],
  });
  const error = await failureOf(createClient(Greeter, transport).hello({}));
  assertEquals([error.code, error.requestSent], [Code.Unavailable, false]);
  assertStrictEquals(seen[0], error);
});

Deno.test("an intercepted call leaves the caller's own metadata as it is", async () => {
  const add: Interceptor = (next) => (request) => {
    request.metadata.append("from", "interceptor");
    return next(request);
  };
  const { greeter, contexts } = interceptGreeter({ client: [add] });
  const metadata = new Metadata({ from: "caller" });
  for (const { call } of KINDS) await call(greeter, "1", { metadata });
  assertEquals([...metadata], [["from", "caller"]]);
  const sent = contexts.map(({ metadata }) => metadata.getAll("from"));
  assertEquals(sent, KINDS.map(() => ["caller", "interceptor"]));
});

Deno.test("an intercepted stream takes the metadata that it was called with", async () => {
  const { greeter, contexts } = interceptGreeter({ client: [passing] });
  const metadata = new Metadata({ from: "caller" });
  const replies = greeter.count({ n: 1 }, { metadata });
  metadata.append("late", "1");
  await Array.fromAsync(replies);
  assertEquals(contexts.map(({ metadata }) => [...metadata]), [[["from", "caller"]]]);
});

Deno.test("a transport keeps the interceptors that it was made with", async () => {
  const interceptors: Interceptor[] = [passing];
  const { greeter, peer } = openDialogue({ interceptors });
  interceptors.push(() => () => Promise.reject(new Error("It was called")));
  const reply = greeter.hello({});
  await peer.next();
  peer.send(responseFrame(1, EMPTY));
  assertEquals((await reply).text, "");
});

Deno.test("ConnectingTransport.close() fails calls that hang in an interceptor, and counts them until then", async () => {
  const hanging: Interceptor = () => () => never;
  const { greeter, transport } = openDialogue({ interceptors: [hanging] });
  const failures = [
    greeter.hello({}),
    greeter.helloAll([]),
    Array.fromAsync(greeter.count({})),
    Array.fromAsync(greeter.chat([])),
  ].map(failureOf);
  assertEquals(transport.stats().openCalls, 4);
  await transport.close();
  for (const failure of await Promise.all(failures)) {
    assertEquals([failure.code, failure.requestSent], [Code.Canceled, false]);
  }
  assertEquals(transport.stats().openCalls, 0);
});

Deno.test("[Z1] an intercepted call that is given up before it is sent says so", async () => {
  for (const by of ["deadline", "signal"] as const) {
    const clock = new FakeClock();
    using _ = clock.install();
    const transport = new ConnectingTransport(() => never, { interceptors: [passing] });
    const controller = new AbortController();
    const options = by === "signal" ? { signal: controller.signal } : { timeoutMs: 20 };
    const failure = failureOf(createClient(Greeter, transport).hello({}, options));
    await settled();
    if (by === "signal") controller.abort();
    else clock.advance(20);
    assertEquals((await failure).requestSent, false);
  }
});

Deno.test("an intercepted call counts while interceptors alone have it, before next and between tries", async () => {
  const between = Promise.withResolvers<void>();
  const again: Interceptor = (next) => async (request) => {
    await next(request);
    await between.promise;
    return await next(request);
  };
  const { greeter, transport, peer } = openDialogue({ interceptors: [again] });
  const reply = greeter.hello({});
  assertEquals(transport.stats().openCalls, 1);
  assertEquals(await peer.next(), requestFrame(1, hello, 0));
  assertEquals(transport.stats().openCalls, 1);
  peer.send(responseFrame(1, words("first")));
  await settled();
  assertEquals(transport.stats().openCalls, 1);
  between.resolve();
  assertEquals(await peer.next(), requestFrame(3, hello, 0));
  peer.send(responseFrame(3, words("second")));
  assertEquals((await reply).text, "second");
  assertEquals(transport.stats().openCalls, 0);
});

Deno.test("an intercepted call on a closed transport fails, whatever its interceptors would do", async () => {
  for (const interceptor of [() => () => never, passing] satisfies Interceptor[]) {
    const { greeter, transport } = openDialogue({ interceptors: [interceptor] });
    await transport.close();
    for (const { call } of KINDS) assertEquals((await failureOf(call(greeter, "1"))).code, Code.Canceled);
    assertEquals(transport.stats().openCalls, 0);
  }
});

Deno.test("an interceptor whose outer function throws fails the call when that begins", async () => {
  const thrown = new TypeError("outer");
  const interceptor: Interceptor = () => {
    throw thrown;
  };
  const { greeter } = openDialogue({ interceptors: [interceptor] });
  greeter.count({});
  for (const { call } of KINDS) {
    const error = await failureOf(call(greeter, "1"));
    assertEquals([error.code, error.cause], [Code.Unknown, thrown]);
  }
});

Deno.test("an interceptor may leave what it has begun with next: that ends with the call", async () => {
  const reply = create(HelloReplySchema, { text: "cached" });
  const cached: Interceptor = (next) => (request) => {
    next(request);
    return Promise.resolve({ stream: false, message: reply });
  };
  const { greeter, peer, transport } = openDialogue({ interceptors: [cached] });
  assertStrictEquals(await greeter.hello({}), reply);
  assertEquals(transport.stats().openCalls, 0);
  assertEquals(await peer.next(), requestFrame(1, hello, 0));
  assertEquals(await peer.next(), statusFrame(1, Code.Canceled));
});

Deno.test("[Z5] an intercepted call waits for the server if it is told to", async () => {
  const peer = new ScriptedPeer();
  const clock = new FakeClock();
  using _ = clock.install();
  let attempts = 0;
  const transport = new ConnectingTransport(
    () => ++attempts === 1 ? Promise.reject(new Error("not yet")) : Promise.resolve(peer.duplex),
    { interceptors: [passing], backoff: { initialMs: 10 } },
  );
  const greeter = createClient(Greeter, transport);
  const reply = greeter.hello({}, { waitForReady: true });
  await settled();
  clock.advance(10);
  assertEquals(await peer.next(), requestFrame(1, hello, 0));
  peer.send(responseFrame(1, words("Ada")));
  assertEquals((await reply).text, "Ada");
  await transport.close();
});
