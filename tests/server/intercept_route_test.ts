import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { isMessage } from "@bufbuild/protobuf";
import { Greeter, HelloReplySchema } from "../../gen/greeter/v1/greeter_pb.ts";
import { FrameFlag } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import type { Interceptor, StreamRequest, UnaryRequest } from "../../src/rpc/interceptor.ts";
import { methodInfo } from "../../src/rpc/method_info.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { interceptRoute } from "../../src/server/intercept_route.ts";
import {
  BROKEN,
  dataFrame,
  EMPTY,
  endFrame,
  number,
  OPEN,
  readStatus,
  requestFrame,
  responseFrame,
  statusFrame,
  words,
} from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { settled } from "../settled.ts";
import { assertQuiet, serveGreeter } from "./serve_greeter.ts";

const { hello, count, helloAll, chat } = Greeter.method;
const { RemoteClosed } = FrameFlag;
const never = new Promise<never>(() => {});

/** Keeps what it sees, and lets it pass. */
function watch(seen: (UnaryRequest | StreamRequest)[]): Interceptor {
  return (next) => (request) => {
    seen.push(request);
    return next(request);
  };
}

/** Lets all messages through generators of its own. */
const wrapping: Interceptor = (next) => async (request) => {
  if (!request.stream) return await next(request);
  const response = await next({ ...request, message: through(request.message) });
  return response.stream ? { ...response, message: through(response.message) } : response;
};

async function* through<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
  yield* messages;
}

Deno.test("interceptRoute() without interceptors leaves a route as it is", { permissions: "none" }, () => {
  const route = { info: methodInfo(hello), handler: () => ({}) };
  assertStrictEquals(interceptRoute(route, []), route);
});

Deno.test("[S9, S10] interceptRoute() shows calls whose method exists and whose request decodes", async () => {
  const seen: (UnaryRequest | StreamRequest)[] = [];
  const { peer, errors } = serveGreeter({}, { interceptors: [watch(seen)] });
  const answers: Code[] = [];
  for (
    const frame of [
      requestFrame(1, hello, 0, { service: "no.Such" }),
      requestFrame(3, hello, 0, { method: "NoSuch" }),
      { ...requestFrame(5, hello, 0), body: BROKEN },
      requestFrame(7, hello, 0, { payload: BROKEN }),
      requestFrame(9, hello, 0, { timeoutNano: -1n }),
    ]
  ) {
    peer.send(frame);
    answers.push(readStatus(await peer.next()).code);
  }
  const codes = [Code.Unimplemented, Code.Unimplemented, Code.InvalidArgument, Code.Internal];
  assertEquals(answers, [...codes, Code.DeadlineExceeded]);
  await settled();
  assertEquals(errors.map((error) => error instanceof TtrpcError && error.code), codes);
  assertEquals(seen, []);
  peer.send(requestFrame(11, hello, 0, { payload: words("Ada") }));
  assertEquals(await peer.next(), responseFrame(11, words("Ada")));
  assertEquals(seen.map(({ method }) => method), [hello]);
});

Deno.test("interceptRoute() makes whole messages of what a handler gives", async () => {
  const seen: unknown[] = [];
  const watchReplies: Interceptor = (next) => async (request) => {
    const response = await next(request);
    if (response.stream) return { ...response, message: watchEach(response.message) };
    seen.push(response.message);
    return response;
  };
  async function* watchEach<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const message of messages) {
      seen.push(message);
      yield message;
    }
  }
  const { peer } = serveGreeter({ hello: () => ({}), helloAll: () => ({}), chat: () => [{}] }, {
    interceptors: [watchReplies],
  });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, helloAll, OPEN), requestFrame(5, chat, OPEN));
  await peer.take(4);
  assertEquals(seen.map((message) => isMessage(message, HelloReplySchema) && message.text), ["", "", ""]);
});

Deno.test("interceptRoute() reads a server stream's request, and a client stream's reply, to their ends", async () => {
  const log: string[] = [];
  const noteEnds: Interceptor = (next) => async (request) => {
    if (!request.stream) return await next(request);
    const response = await next({ ...request, message: noteEnd(request.message, "request") });
    return response.stream ? { ...response, message: noteEnd(response.message, "reply") } : response;
  };
  async function* noteEnd<T>(messages: AsyncIterable<T>, name: string): AsyncGenerator<T> {
    yield* messages;
    log.push(`${name} ends`);
  }
  const { peer } = serveGreeter({}, { interceptors: [noteEnds] });
  peer.send(requestFrame(1, count, RemoteClosed, { payload: number(1) }));
  assertEquals(await peer.take(2), [dataFrame(1, EMPTY), endFrame(1)]);
  assertEquals(log, ["request ends", "reply ends"]);
  peer.send(requestFrame(3, helloAll, OPEN), dataFrame(3, words("Ada")), endFrame(3));
  assertEquals(await peer.next(), responseFrame(3, words("Ada")));
  assertEquals(log.slice(2), ["request ends", "reply ends"]);
});

for (const messages of [[], [1, 2]]) {
  Deno.test(`interceptRoute() refuses ${messages.length} messages where one is due`, async () => {
    const repeat: Interceptor = (next) => async (request) => {
      if (!request.stream) return await next(request);
      const { message } = request;
      return await next({ ...request, message: times(message) });
    };
    async function* times<T>(all: AsyncIterable<T>): AsyncGenerator<T> {
      for await (const one of all) yield* messages.map(() => one);
    }
    const { peer } = serveGreeter({}, { interceptors: [repeat] });
    peer.send(requestFrame(1, count, RemoteClosed));
    const { code, message } = readStatus(await peer.next());
    assertEquals(code, Code.Internal);
    assertEquals(
      message,
      `Cannot take messages: ${messages.length ? "more than one" : "none"} where one is due`,
    );
  });
}

/** What ends a call early, and the code that its signal and its input tell. */
const ENDS = [{ by: "notice", code: Code.Canceled }, {
  by: "deadline",
  code: Code.DeadlineExceeded,
}] as const;

/** Where an interceptor may hang. */
const PLACES: Record<string, (hang: () => Promise<never>) => Interceptor> = {
  "before next": (hang) => () => hang,
  "after next": (hang) => (next) => async (request) => {
    await next(request);
    return await hang();
  },
  "in the requests": (hang) => (next) => async (request) => {
    if (!request.stream) return await next(request);
    return await next({ ...request, message: beforeFirst(request.message, hang) });
  },
  "in the replies": (hang) => (next) => async (request) => {
    const response = await next(request);
    if (!response.stream) return await hang();
    return { stream: true, message: beforeFirst(response.message, hang) };
  },
};

async function* beforeFirst<T>(messages: AsyncIterable<T>, hang: () => Promise<never>): AsyncGenerator<T> {
  for await (const _ of messages) yield await hang();
}

for (const { by, code } of ENDS) {
  for (const [place, makeInterceptor] of Object.entries(PLACES)) {
    Deno.test(`[D2, X2] interceptRoute() ends calls by ${by} though an interceptor hangs ${place}`, async () => {
      const clock = new FakeClock();
      using _ = clock.install();
      const seen: (UnaryRequest | StreamRequest)[] = [];
      let hanging = 0;
      const hang = () => (hanging++, never);
      const { peer, served, errors } = serveGreeter({}, {
        interceptors: [watch(seen), makeInterceptor(hang)],
      });
      const timeout = by === "deadline" ? { timeoutNano: 10_000_000n } : {};
      const streams = [
        requestFrame(3, count, RemoteClosed, { ...timeout, payload: number(1) }),
        requestFrame(5, helloAll, OPEN, timeout),
        requestFrame(7, chat, OPEN, timeout),
      ];
      const all = place === "in the requests" ? streams : [requestFrame(1, hello, 0, timeout), ...streams];
      peer.send(...all, dataFrame(5, words("Ada")), endFrame(5), dataFrame(7, words("Ada")));
      await settled();
      assertEquals([hanging, served.stats().openCalls], [all.length, all.length]);
      if (by === "notice") peer.send(...all.map(({ streamId }) => statusFrame(streamId, code)));
      else clock.advance(10);
      if (by === "deadline") {
        const answers = (await peer.take(all.length)).map(readStatus);
        assertEquals(answers.map(({ code }) => code), all.map(() => code));
      }
      await assertQuiet(peer);
      assertEquals(served.stats().openCalls, 0);
      assertEquals(seen.map(({ signal }) => signal.reason.code), all.map(() => code));
      assertEquals(errors, []);
    });
  }

  Deno.test(`[X3] interceptRoute() lets a handler's input throw when its call is over by ${by}`, async () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const inputs: Promise<unknown>[] = [];
    const read = (requests: AsyncIterable<unknown>) => {
      inputs.push(assertRejects(() => Array.fromAsync(requests), TtrpcError));
      return never;
    };
    const { peer } = serveGreeter({
      helloAll: read,
      async *chat(requests) {
        yield {};
        await read(requests);
      },
    }, { interceptors: [wrapping, wrapping] });
    const timeout = by === "deadline" ? { timeoutNano: 10_000_000n } : {};
    peer.send(requestFrame(1, helloAll, OPEN, timeout), dataFrame(1, words("Ada")));
    peer.send(requestFrame(3, chat, OPEN, timeout), dataFrame(3, words("Ada")));
    assertEquals(await peer.next(), dataFrame(3, EMPTY));
    await settled();
    if (by === "notice") peer.send(statusFrame(1, code), statusFrame(3, code));
    else clock.advance(10);
    const errors = await Promise.all(inputs);
    assertEquals(errors.map((error) => error instanceof TtrpcError && error.code), [code, code]);
  });
}

Deno.test("interceptRoute() tells a handler's generator to return when its call is given up", async () => {
  const ends: string[] = [];
  const { peer } = serveGreeter({
    async *count(_request, { signal }) {
      try {
        yield { i: 7 };
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
        ends.push("goes on");
        yield { i: 8 };
      } finally {
        ends.push("returns");
      }
    },
  }, { interceptors: [wrapping, wrapping] });
  peer.send(requestFrame(1, count, RemoteClosed));
  assertEquals(await peer.next(), dataFrame(1, number(7)));
  peer.send(statusFrame(1, Code.Canceled));
  await assertQuiet(peer);
  assertEquals(ends, ["goes on", "returns"]);
});

Deno.test("interceptRoute() lets interceptors' loops end though the handler hangs", async () => {
  const log: unknown[] = [];
  const replies = {
    [Symbol.asyncIterator]: () => ({
      next: () => (log.push("next"), never),
      return: () => (log.push("return"), never),
    }),
  };
  const { peer } = serveGreeter({ chat: () => replies }, { interceptors: [wrapping, watchErrors(log)] });
  peer.send(requestFrame(1, chat, OPEN));
  await settled();
  peer.send(statusFrame(1, Code.Canceled));
  await assertQuiet(peer);
  assertEquals(log.map((entry) => entry instanceof TtrpcError ? entry.code : entry), [
    "next",
    "return",
    Code.Canceled,
  ]);
});

Deno.test("[Z2] interceptRoute() lets replies be made for a client that has closed its half", async () => {
  const wait = Promise.withResolvers<void>();
  const { peer, errors } = serveGreeter({
    async hello() {
      await wait.promise;
      return { text: "whole" };
    },
    async *count() {
      await wait.promise;
      yield { i: 7 };
    },
  }, { interceptors: [wrapping] });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, count, RemoteClosed));
  peer.send(requestFrame(5, chat, OPEN), dataFrame(5, words("Ada")), dataFrame(5, words("Eve")), endFrame(5));
  await peer.closeWrite();
  assertEquals(await peer.take(3), [dataFrame(5, words("Ada")), dataFrame(5, words("Eve")), endFrame(5)]);
  wait.resolve();
  const answers = (await peer.take(3)).toSorted((a, b) => a.streamId - b.streamId);
  assertEquals(answers, [responseFrame(1, words("whole")), dataFrame(3, number(7)), endFrame(3)]);
  await peer.ended;
  assertEquals(errors, []);
});

Deno.test("[S11] interceptRoute() passes errors on that a handler throws among its replies", async () => {
  const seen: unknown[] = [];
  const { peer, errors } = serveGreeter({
    async *count() {
      yield { i: 7 };
      throw new TtrpcError("No more", Code.OutOfRange);
    },
  }, { interceptors: [wrapping, watchErrors(seen)] });
  peer.send(requestFrame(1, count, RemoteClosed));
  assertEquals(await peer.take(2), [dataFrame(1, number(7)), statusFrame(1, Code.OutOfRange, "No more")]);
  await settled();
  assertEquals(errors, []);
  const [error] = seen;
  assert(error instanceof TtrpcError);
  assertEquals(error.rawMessage, "No more");
});

function watchErrors(seen: unknown[]): Interceptor {
  return (next) => async (request) => {
    const response = await next(request);
    return response.stream ? { ...response, message: watchFailure(response.message) } : response;
  };
  async function* watchFailure<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* messages;
    } catch (error) {
      seen.push(error);
      throw error;
    }
  }
}
