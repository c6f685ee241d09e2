import { assertEquals, assertInstanceOf, assertRejects, assertStringIncludes } from "@std/assert";
import { toBinary } from "@bufbuild/protobuf";
import { Greeter, type HelloRequest, MissingFieldSchema } from "../../gen/greeter/v1/greeter_pb.ts";
import { Code } from "../../src/rpc/code.ts";
import type { MessageSource } from "../../src/rpc/message_source.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import type { HandlerContext } from "../../src/server/handler_context.ts";
import {
  BROKEN,
  dataFrame,
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
import { assertStats } from "../assert_stats.ts";

const { hello, count, helloAll, chat } = Greeter.method;
type Numbers = MessageSource<{ i: number }>;

/** A promise that a handler can be made to wait for. */
const never = new Promise<never>(() => {});

Deno.test("[R1] ServerCall answers a call of one reply with a Response", async () => {
  const { peer } = serveGreeter();
  peer.send(requestFrame(1, hello, 0, { payload: words("Ada") }), requestFrame(3, hello, 0));
  peer.send(requestFrame(5, helloAll, OPEN), dataFrame(5, words("Eve")), endFrame(5));
  assertEquals(await peer.take(3), [
    responseFrame(1, words("Ada")),
    responseFrame(3, words("")),
    responseFrame(5, words("Eve")),
  ]);
});

Deno.test("[R2] ServerCall sends a Data frame for each message of whatever iterable a handler returns", async () => {
  const items = [{ i: 1 }, { i: 0 }];
  const sources: (() => Numbers)[] = [
    () => items,
    () => new Set(items),
    () => items.values(),
    () => ReadableStream.from(items),
    function* () {
      yield* items;
    },
    async function* () {
      yield* items;
    },
    () => ({ [Symbol.iterator]: () => items.values() }),
  ];
  for (const source of sources) {
    const { peer, served } = serveGreeter({ count: source });
    peer.send(requestFrame(1, count, 0));
    assertEquals(await peer.take(3), [dataFrame(1, number(1)), dataFrame(1, number(0)), endFrame(1)]);
    assertEquals(served.stats().openCalls, 0);
  }
});

Deno.test("[R2] ServerCall sends each reply of bidi before the next request comes", async () => {
  const { peer } = serveGreeter();
  peer.send(requestFrame(1, chat, OPEN));
  for (const name of ["Ada", "", "Eve"]) {
    peer.send(dataFrame(1, words(name)));
    assertEquals(await peer.next(), dataFrame(1, words(name)));
  }
  peer.send(endFrame(1));
  assertEquals(await peer.next(), endFrame(1));
});

Deno.test("[S11] ServerCall sends a TtrpcError as it was thrown", async () => {
  const detail = { typeUrl: "type.googleapis.com/any.Thing", value: new Uint8Array([1, 2]) };
  for (const code of [Code.NotFound, Code.Canceled, Code.DeadlineExceeded, -1, 4711]) {
    const { peer, errors } = serveGreeter({
      hello: () => {
        throw new TtrpcError("Nobody there", code, { details: [detail], cause: new Error("secret") });
      },
    });
    peer.send(requestFrame(1, hello, 0));
    assertEquals(await peer.next(), statusFrame(1, code, "Nobody there", [detail]));
    assertEquals(errors, []);
  }
});

Deno.test("[S11] ServerCall encodes the details that a handler gives as messages", async () => {
  const { peer } = serveGreeter({
    hello: () => {
      const details = [{ desc: MissingFieldSchema, value: { field: "name" } }];
      throw new TtrpcError("No name", Code.InvalidArgument, { details });
    },
  });
  peer.send(requestFrame(1, hello, 0));
  const value = toBinary(MissingFieldSchema, {
    $typeName: "greeter.v1.MissingField",
    field: "name",
  });
  const typeUrl = "type.googleapis.com/greeter.v1.MissingField";
  assertEquals(await peer.next(), statusFrame(1, Code.InvalidArgument, "No name", [{ typeUrl, value }]));
});

Deno.test("[S11, R3] ServerCall sends anything else that is thrown with code 2, and tells onError", async () => {
  for (
    const [thrown, message] of [[new RangeError("Too far"), "Too far"], ["a string", "a string"]] as const
  ) {
    const fail = () => {
      throw thrown;
    };
    const { peer, errors } = serveGreeter({
      hello: fail,
      count: fail,
      helloAll: () => Promise.reject(thrown),
      async *chat(requests) {
        for await (const { name } of requests) yield { text: name };
        throw thrown;
      },
    });
    peer.send(requestFrame(1, hello, 0), requestFrame(3, count, 0), requestFrame(5, helloAll, OPEN));
    const answers = [1, 3, 5].map((id) => statusFrame(id, Code.Unknown, message));
    assertEquals(await peer.take(3), answers);
    peer.send(requestFrame(7, chat, OPEN), dataFrame(7, words("Ada")), endFrame(7));
    assertEquals(await peer.take(2), [dataFrame(7, words("Ada")), statusFrame(7, Code.Unknown, message)]);
    await settled();
    assertEquals(errors, [thrown, thrown, thrown, thrown]);
  }
});

Deno.test("ServerCall fails a call whose handler returns no iterable", async () => {
  for (const result of [undefined, 7, {}, Promise.resolve([])]) {
    const { peer, errors } = serveGreeter({ count: () => result as unknown as Numbers });
    peer.send(requestFrame(1, count, 0));
    assertEquals(readStatus(await peer.next()).code, Code.Unknown);
    await settled();
    assertInstanceOf(errors[0], TypeError);
  }
});

Deno.test("ServerCall fails a call whose reply can't be encoded, with the replies before it sent", async () => {
  const { peer } = serveGreeter({ count: () => [{ i: 1 }, { i: -1 }, { i: 2 }] });
  peer.send(requestFrame(1, count, 0));
  assertEquals(await peer.next(), dataFrame(1, number(1)));
  assertEquals(readStatus(await peer.next()).code, Code.Internal);
  await assertQuiet(peer);
});

Deno.test("[L3] ServerCall fails a call whose reply is over the limit, and only that call", async () => {
  const long = { text: "x".repeat(1022) };
  const { peer } = serveGreeter({
    hello: ({ name }) => name === "long" ? long : { text: name },
    chat: () => [{ text: "x" }, long, { text: "y" }],
  }, { writeMaxBytes: 1024 });
  const exceed = "exceed maximum message size of 1024";
  peer.send(requestFrame(1, hello, 0, { payload: words("long") }));
  assertEquals(await peer.next(), statusFrame(1, Code.ResourceExhausted, `message length 1028 ${exceed}`));
  peer.send(requestFrame(3, chat, OPEN));
  assertEquals(await peer.next(), dataFrame(3, words("x")));
  assertEquals(await peer.next(), statusFrame(3, Code.ResourceExhausted, `message length 1025 ${exceed}`));
  peer.send(requestFrame(5, hello, 0, { payload: words("Ada") }));
  assertEquals(await peer.next(), responseFrame(5, words("Ada")));
});

Deno.test("[L3] ServerCall replaces an error that is itself over the limit", async () => {
  const { peer } = serveGreeter({
    hello: () => {
      throw new TtrpcError("x".repeat(2000), Code.NotFound);
    },
  }, { writeMaxBytes: 1024 });
  peer.send(requestFrame(1, hello, 0));
  const { code, message } = readStatus(await peer.next());
  assertEquals(code, Code.ResourceExhausted);
  assertStringIncludes(message, "exceed maximum message size of 1024");
});

Deno.test("[S10] ServerCall fails a stream at a message that can't be decoded, whatever its handler does", async () => {
  const seen: unknown[] = [];
  const { peer } = serveGreeter({
    async *chat(requests, { signal }) {
      try {
        for await (const { name } of requests) yield { text: name };
      } catch (error) {
        seen.push(error);
      }
      seen.push(signal.reason);
      yield { text: "all is well" };
    },
  });
  const frames = [words("Ada"), BROKEN, words("Eve")].map((body) => dataFrame(1, body));
  peer.send(requestFrame(1, chat, OPEN), ...frames, endFrame(1));
  assertEquals(await peer.next(), dataFrame(1, words("Ada")));
  const { code, message } = readStatus(await peer.next());
  assertEquals(code, Code.Internal);
  assertStringIncludes(message, "greeter.v1.HelloRequest");
  await assertQuiet(peer);
  assertEquals(seen.map((error) => error instanceof TtrpcError && error.code), [code, code]);
});

Deno.test("[S10] ServerCall sends nothing of a handler that broke its own call before it returned", async () => {
  let isReturned = false;
  const { peer } = serveGreeter({
    chat(requests) {
      // Decoding happens in this call; what comes of it is not looked at.
      requests[Symbol.asyncIterator]().next().catch(() => {});
      return {
        [Symbol.iterator]: () => ({
          next: () => ({ done: false, value: { text: "all is well" } }),
          return: () => {
            isReturned = true;
            return { done: true, value: undefined };
          },
        }),
      };
    },
  });
  peer.send(requestFrame(1, chat, 0, { payload: BROKEN }));
  assertEquals(readStatus(await peer.next()).code, Code.Internal);
  await assertQuiet(peer);
  assertEquals(isReturned, true);
});

Deno.test("ServerCall keeps messages that wait when more bytes come", async () => {
  const wait = Promise.withResolvers<void>();
  const { peer } = serveGreeter({
    async *chat(requests) {
      await wait.promise;
      for await (const { name } of requests) yield { text: name };
    },
  });
  peer.send(requestFrame(1, chat, 0, { payload: words("Ada") }));
  await assertQuiet(peer);
  peer.send(dataFrame(1, words("Eve")));
  await assertQuiet(peer);
  wait.resolve();
  peer.send(endFrame(1));
  assertEquals(await peer.take(3), [dataFrame(1, words("Ada")), dataFrame(1, words("Eve")), endFrame(1)]);
});

Deno.test("[D1, D2] ServerCall answers at the deadline, and aborts the handler's signal", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const contexts: HandlerContext[] = [];
  const { peer, served } = serveGreeter({
    hello: (_request, context) => {
      contexts.push(context);
      return never;
    },
    async *count(_request, context) {
      contexts.push(context);
      yield { i: 1 };
      await never;
    },
  });
  peer.send(requestFrame(1, hello, 0, { timeoutNano: 50_000_000n }));
  peer.send(requestFrame(3, count, 0, { timeoutNano: 40_000_000n }));
  assertEquals(await peer.next(), dataFrame(3, number(1)));
  assertEquals(contexts.map(({ timeoutMs }) => timeoutMs), [50, 40]);
  for (const [ms, id] of [[40, 3], [10, 1]] as const) {
    clock.advance(ms);
    assertEquals(await peer.next(), statusFrame(id, Code.DeadlineExceeded, "context deadline exceeded"));
  }
  assertEquals(contexts.map(({ signal }) => signal.reason.code), [4, 4]);
  assertEquals(served.stats().openCalls, 0);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[D1] ServerCall never calls the handler of a call that comes too late", async () => {
  const { peer } = serveGreeter({
    hello: () => {
      throw new Error("It was called");
    },
  });
  for (const [id, timeoutNano] of [[1, -1n], [3, -(2n ** 63n)]] as const) {
    peer.send(requestFrame(id, hello, 0, { timeoutNano }));
    assertEquals(await peer.next(), statusFrame(id, Code.DeadlineExceeded, "context deadline exceeded"));
  }
});

Deno.test("[D1] ServerCall lets 0 and the largest timeout never pass", async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { peer } = serveGreeter();
  peer.send(requestFrame(1, chat, OPEN, { timeoutNano: 2n ** 63n - 1n }), requestFrame(3, chat, OPEN));
  await assertQuiet(peer);
  clock.advance(100 * 365 * 86_400_000);
  await assertQuiet(peer);
  peer.send(endFrame(1), endFrame(3));
  assertEquals(await peer.take(2), [endFrame(1), endFrame(3)]);
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("[D2] ServerCall ends a stream once, however close its end and its deadline come", async () => {
  for (let turns = 0; turns < 6; turns++) {
    const clock = new FakeClock();
    using _ = clock.install();
    const passLater = (turns: number) => {
      if (turns === 0) clock.advance(1);
      else queueMicrotask(() => passLater(turns - 1));
    };
    const { peer } = serveGreeter({
      count: () => ({
        [Symbol.asyncIterator]: () => ({
          next: () => {
            passLater(turns);
            return Promise.resolve({ done: true, value: undefined });
          },
        }),
      }),
    });
    peer.send(requestFrame(1, count, 0, { timeoutNano: 1_000_000n }));
    await peer.next();
    await assertQuiet(peer);
  }
});

Deno.test("[X2, X4] ServerCall gives a call up at a notice: aborts its signal, and answers nothing", async () => {
  for (const code of [Code.Canceled, Code.DeadlineExceeded]) {
    const aborts: unknown[] = [];
    const handle = (context: HandlerContext) => {
      const { promise, resolve } = Promise.withResolvers<{ text: string }>();
      context.signal.addEventListener("abort", () => {
        aborts.push(context.signal.reason.code);
        resolve({ text: "too late" });
      });
      return promise;
    };
    const { peer, served } = serveGreeter({
      hello: (_request, context) => handle(context),
      helloAll: (_requests, context) => handle(context),
    });
    peer.send(requestFrame(1, hello, 0), requestFrame(3, helloAll, OPEN));
    await assertQuiet(peer);
    peer.send(statusFrame(1, code), statusFrame(3, code), endFrame(3), statusFrame(1, code));
    await assertQuiet(peer);
    assertEquals(aborts, [code, code]);
    assertStats(served.stats(), { openCalls: 0, lateFrames: 1 });
  }
});

Deno.test("[X3] ServerCall ends the messages of an upload early by an error, never by their end", async () => {
  for (
    const [end, code] of [
      ["notice", Code.Canceled],
      ["deadline", Code.DeadlineExceeded],
      ["client left", Code.Unavailable],
      ["reset", Code.Unavailable],
    ] as const
  ) {
    const clock = new FakeClock();
    using _ = clock.install();
    const seen: string[] = [];
    const outcome = Promise.withResolvers<TtrpcError>();
    const { peer } = serveGreeter({
      async helloAll(requests) {
        const error = await assertRejects(async () => {
          for await (const { name } of requests) seen.push(name);
        }, TtrpcError);
        outcome.resolve(error);
        return { text: "part" };
      },
    });
    peer.send(requestFrame(1, helloAll, OPEN, { timeoutNano: 1_000_000n }), dataFrame(1, words("Ada")));
    await assertQuiet(peer);
    if (end === "notice") peer.send(statusFrame(1, code));
    else if (end === "deadline") clock.advance(1);
    else if (end === "client left") peer.closeWrite();
    else peer.close();
    assertEquals((await outcome.promise).code, code, end);
    assertEquals(seen, ["Ada"]);
  }
});

Deno.test("[X3] ServerCall drops messages that wait when a call is given up", async () => {
  const requests = Promise.withResolvers<AsyncIterable<HelloRequest>>();
  const { peer } = serveGreeter({
    helloAll(messages) {
      requests.resolve(messages);
      return never;
    },
  });
  peer.send(requestFrame(1, helloAll, OPEN), dataFrame(1, words("Ada")), endFrame(1));
  peer.send(statusFrame(1, Code.Canceled));
  await assertQuiet(peer);
  const messages = await requests.promise;
  await assertRejects(() => Array.fromAsync(messages), TtrpcError, "The client canceled the call");
});

Deno.test("[X4] ServerCall aborts the signal of a call that was answered", async () => {
  const contexts: HandlerContext[] = [];
  const { peer } = serveGreeter({
    hello: (_request, context) => {
      contexts.push(context);
      return {};
    },
    count: (_request, context) => {
      contexts.push(context);
      return [];
    },
  });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, count, 0));
  await peer.take(2);
  assertEquals(contexts.map(({ signal }) => signal.reason.code), [Code.Canceled, Code.Canceled]);
});

Deno.test("[X2] ServerCall stops the source of an abandoned call, after its signal has aborted", async () => {
  const log: string[] = [];
  const { peer } = serveGreeter({
    count: (_request, { signal }) => {
      signal.addEventListener("abort", () => log.push("abort"));
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            log.push("next");
            return never;
          },
          return: () => {
            log.push("return");
            return never;
          },
        }),
      };
    },
  });
  peer.send(requestFrame(1, count, 0), statusFrame(1, Code.Canceled));
  await assertQuiet(peer);
  assertEquals(log, ["next", "abort", "return"]);
});

Deno.test("ServerCall lets a handler end while a peer's frame ends its call", async () => {
  const { peer, served, errors } = serveGreeter({
    count: (_request, { signal }) => {
      let isAborted = false;
      signal.addEventListener("abort", () => isAborted = true);
      return {
        *[Symbol.iterator]() {
          // A source that goes on after its call, and then fails.
          for (let i = 0; !isAborted; i++) yield { i };
          throw new Error("Nobody reads this");
        },
      };
    },
  });
  peer.send(requestFrame(1, count, 0));
  assertEquals(await peer.next(), dataFrame(1, number(0)));
  peer.send(statusFrame(1, Code.Canceled));
  while (served.stats().openCalls > 0) await peer.next();
  assertEquals(errors, []);
});

Deno.test("ServerCall hears nothing more of a handler whose call is over, but its error", async () => {
  const wait = Promise.withResolvers<void>();
  const { peer, errors } = serveGreeter({
    async hello() {
      await wait.promise;
      throw new Error("Too late");
    },
    async *count() {
      await wait.promise;
      yield { i: 1 };
    },
  });
  peer.send(requestFrame(1, hello, 0), requestFrame(3, count, 0));
  peer.send(statusFrame(1, Code.Canceled), statusFrame(3, Code.Canceled));
  await assertQuiet(peer);
  wait.resolve();
  await assertQuiet(peer);
  assertEquals(errors.map(String), ["Error: Too late"]);
});

Deno.test("ServerCall drops what a client still sends to a handler that left its loop", async () => {
  const { peer, served } = serveGreeter({
    async *chat(requests) {
      for await (const { name } of requests) {
        if (name === "bye") break;
      }
      yield { text: "bye" };
      await never;
    },
  });
  peer.send(requestFrame(1, chat, OPEN), dataFrame(1, words("Ada")), dataFrame(1, words("bye")));
  assertEquals(await peer.next(), dataFrame(1, words("bye")));
  peer.send(dataFrame(1, words("Eve")), endFrame(1));
  await assertQuiet(peer);
  assertStats(served.stats(), { openCalls: 1, lateFrames: 2 });
});

Deno.test("ServerCall waits for what a handler returns that only looks like a promise", async () => {
  const reply = { then: (resolve: (value: unknown) => void) => resolve({ text: "lazy" }) };
  const { peer } = serveGreeter({ hello: () => reply as unknown as Promise<{ text: string }> });
  peer.send(requestFrame(1, hello, 0, { payload: words("Ada") }));
  assertEquals(await peer.next(), responseFrame(1, words("lazy")));
});
