import { assert, assertEquals } from "@std/assert";
import { getEventListeners } from "node:events";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { Code } from "../../src/rpc/code.ts";
import type { Interceptor } from "../../src/rpc/interceptor.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { dataFrame, EMPTY, OPEN, requestFrame, statusFrame, words } from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { interceptGreeter, KINDS } from "../greeter_kinds.ts";
import { settled } from "../settled.ts";
import { failureOf, openDialogue } from "./dialogue.ts";

const { chat } = Greeter.method;
const never = new Promise<never>(() => {});

/** Where an interceptor may hang: each makes one that does, and tells when, with its call's signal. */
const PLACES: Record<string, (hang: (signal: AbortSignal) => Promise<never>) => Interceptor> = {
  "before next": (hang) => (next) => async (request) => {
    await hang(request.signal);
    return await next(request);
  },
  "after next": (hang) => (next) => async (request) => {
    const response = await next(request);
    await hang(request.signal);
    return response;
  },
  "in the requests": (hang) => (next) => async (request) => {
    if (!request.stream) return await next(request);
    const { message, signal } = request;
    return await next({ ...request, message: beforeFirst(message, () => hang(signal)) });
  },
  "in the replies": (hang) => (next) => async (request) => {
    const response = await next(request);
    if (!response.stream) return await hang(request.signal);
    return { stream: true, message: beforeFirst(response.message, () => hang(request.signal)) };
  },
};

async function* beforeFirst<T>(messages: AsyncIterable<T>, hang: () => Promise<never>): AsyncGenerator<T> {
  for await (const _ of messages) yield await hang();
}

/** Where a call hangs before its Request is there. */
const UNSENT: Record<string, readonly string[]> = {
  "before next": ["unary", "server_streaming", "client_streaming", "bidi_streaming"],
  // Such a call begins when its replies are read.
  "after next": ["server_streaming", "bidi_streaming"],
  "in the requests": ["server_streaming"],
  "in the replies": [],
};

for (const [place, makeInterceptor] of Object.entries(PLACES)) {
  for (const { kind, call } of KINDS) {
    if (kind === "unary" && place === "in the requests") continue;
    for (const by of ["deadline", "signal"] as const) {
      const code = by === "deadline" ? Code.DeadlineExceeded : Code.Canceled;

      Deno.test(`[X1] ${kind} call is over by ${by} though an interceptor hangs ${place}`, async () => {
        const clock = new FakeClock();
        using _ = clock.install();
        const hangs = Promise.withResolvers<AbortSignal>();
        const interceptor = makeInterceptor((signal) => {
          hangs.resolve(signal);
          return never;
        });
        const { greeter, transport } = interceptGreeter({ client: [interceptor] });
        const controller = new AbortController();
        const { signal } = controller;
        const failure = failureOf(call(greeter, "1", by === "signal" ? { signal } : { timeoutMs: 10 }));
        const inside = await hangs.promise;
        await settled();
        const reason = new Error("enough");
        if (by === "signal") controller.abort(reason);
        else clock.advance(10);
        const error = await failure;
        assertEquals([error.code, error.requestSent], [code, !UNSENT[place]?.includes(kind)]);
        assertEquals(error.cause, by === "signal" ? reason : undefined);
        assertEquals(inside.reason, error);
        await settled();
        assertEquals(transport.stats().openCalls, 0);
        assertEquals(clock.pendingTimers, 0);
        assertEquals(getEventListeners(signal, "abort").length, 0);
      });
    }
  }
}

/** Lets messages through a generator. */
const wrapping: Interceptor = (next) => async (request) => {
  if (!request.stream) return await next(request);
  const response = await next({ ...request, message: through(request.message) });
  return response.stream ? { ...response, message: through(response.message) } : response;
};

async function* through<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
  yield* messages;
}

for (const by of ["deadline", "signal", "loop"] as const) {
  const code = by === "deadline" ? Code.DeadlineExceeded : Code.Canceled;

  Deno.test(`[X2] an intercepted call that is over by its ${by} tells server and upload`, async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const { greeter, peer, transport } = openDialogue({ interceptors: [wrapping, wrapping] });
    const controller = new AbortController();
    const told: string[] = [];
    const names = {
      [Symbol.asyncIterator]: () => ({
        next: () => (told.push("next"), told.length === 1 ? once({ name: "Ada" }) : never),
        return: () => (told.push("return"), never),
      }),
    };
    const { signal } = controller;
    const options = by === "deadline" ? { timeoutMs: 10 } : by === "signal" ? { signal } : {};
    const replies = greeter.chat(names, options)[Symbol.asyncIterator]();
    const first = replies.next();
    const timeout = by === "deadline" ? { timeoutNano: 10_000_000n } : {};
    assertEquals(await peer.take(2), [requestFrame(1, chat, OPEN, timeout), dataFrame(1, words("Ada"))]);
    peer.send(dataFrame(1, EMPTY));
    await first;
    const second = Promise.allSettled([replies.next()]);
    await settled();
    if (by === "deadline") clock.advance(10);
    else if (by === "signal") controller.abort();
    else assertEquals(await replies.return?.(), { done: true, value: undefined });
    const [outcome] = await second;
    if (by === "loop") {
      assertEquals(outcome, { status: "fulfilled", value: { done: true, value: undefined } });
    } else assert(outcome.status === "rejected" && outcome.reason instanceof TtrpcError);
    assertEquals(await peer.next(), statusFrame(1, code));
    assertEquals(told, ["next", "next", "return"]);
    assertEquals(transport.stats().openCalls, 0);
  });
}

function once<T>(value: T): Promise<IteratorResult<T>> {
  return Promise.resolve({ done: false, value });
}

Deno.test("an intercepted call that was left before it began calls no interceptor", async () => {
  let calls = 0;
  const count: Interceptor = (next) => (request) => {
    calls++;
    return next(request);
  };
  const { greeter, transport } = openDialogue({ interceptors: [count] });
  const { signal } = new AbortController();
  const replies = greeter.chat([], { signal, timeoutMs: 1000 })[Symbol.asyncIterator]();
  assertEquals(await replies.return?.(), { done: true, value: undefined });
  assertEquals(await replies.next(), { done: true, value: undefined });
  assertEquals([calls, getEventListeners(signal, "abort").length], [0, 0]);
  await transport.close();
});

Deno.test("an intercepted call leaves no listener on the caller's signal, and no timer", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { greeter } = interceptGreeter({ client: [wrapping] }, {
    hello: () => {
      throw new TtrpcError("No name", Code.InvalidArgument);
    },
  });
  const { signal } = new AbortController();
  await failureOf(greeter.hello({}, { signal, timeoutMs: 10 }));
  for (const { kind, call } of KINDS) {
    if (kind !== "unary") assertEquals(await call(greeter, "1", { signal, timeoutMs: 10 }), ["1"]);
  }
  const replies = greeter.chat([], { signal, timeoutMs: 10 });
  for await (const _ of replies) break;
  assertEquals([getEventListeners(signal, "abort").length, clock.pendingTimers], [0, 0]);
});
