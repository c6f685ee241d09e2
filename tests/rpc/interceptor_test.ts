import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { create } from "@bufbuild/protobuf";
import { Greeter, HelloReplySchema, HelloRequestSchema } from "../../gen/greeter/v1/greeter_pb.ts";
import { createContextValues } from "../../src/rpc/context_values.ts";
import {
  type InterceptedNext,
  type Interceptor,
  type StreamRequest,
  throughInterceptors,
  type UnaryRequest,
} from "../../src/rpc/interceptor.ts";
import { Metadata } from "../../src/rpc/metadata.ts";

const PURE = { permissions: "none" } as const;

function requests(): { unary: UnaryRequest; stream: StreamRequest } {
  const base = {
    service: Greeter,
    signal: new AbortController().signal,
    metadata: new Metadata(),
    contextValues: createContextValues(),
  };
  const { hello, chat } = Greeter.method;
  return {
    unary: { ...base, stream: false, method: hello, message: create(HelloRequestSchema) },
    stream: { ...base, stream: true, method: chat, message: ReadableStream.from([]) },
  };
}

/** Answers each call, and counts them. */
function answering(): { last: InterceptedNext; calls: () => number } {
  let calls = 0;
  const last: InterceptedNext = (request) => {
    calls++;
    const message = create(HelloReplySchema);
    return Promise.resolve(
      request.stream ? { stream: true, message: ReadableStream.from([message]) } : { stream: false, message },
    );
  };
  return { last, calls: () => calls };
}

function logging(name: string, log: string[]): Interceptor {
  return (next) => async (request) => {
    log.push(`${name} is called`);
    const response = await next(request);
    log.push(`${name} answers`);
    return response;
  };
}

Deno.test("throughInterceptors() without any is what comes last", PURE, () => {
  const { last } = answering();
  assertStrictEquals(throughInterceptors([], last), last);
});

for (const kind of ["unary", "stream"] as const) {
  Deno.test(
    `throughInterceptors() gives the first of them a ${kind} call first, its reply last`,
    PURE,
    async () => {
      const log: string[] = [];
      const { last } = answering();
      const call = throughInterceptors(["a", "b"].map((name) => logging(name, log)), last);
      assertEquals((await call(requests()[kind])).stream, kind === "stream");
      assertEquals(log, ["a is called", "b is called", "b answers", "a answers"]);
    },
  );
}

Deno.test("throughInterceptors() lets each of them ask once for a stream", PURE, async () => {
  const { last, calls } = answering();
  const again: Interceptor = (next) => async (request) => {
    const response = await next(request);
    await assertRejects(async () => await next(request), TypeError, "Cannot call next again");
    return response;
  };
  await throughInterceptors([again, again], last)(requests().stream);
  assertEquals(calls(), 1);
  // Each call has its own count.
  await throughInterceptors([again, again], last)(requests().stream);
  assertEquals(calls(), 2);
});

Deno.test("throughInterceptors() lets each of them ask again for one message", PURE, async () => {
  const { last, calls } = answering();
  const again: Interceptor = (next) => async (request) => {
    await next(request);
    return await next(request);
  };
  await throughInterceptors([again, again], last)(requests().unary);
  assertEquals(calls(), 4);
});

Deno.test("throughInterceptors() makes a rejection of what an interceptor throws at once", PURE, async () => {
  const error = new Error("not today");
  const throwing: Interceptor = () => () => {
    throw error;
  };
  const failed: unknown[] = [];
  const watching: Interceptor = (next) => (request) =>
    next(request).catch((reason) => {
      failed.push(reason);
      throw reason;
    });
  const { last } = answering();
  const call = throughInterceptors([watching, throwing], last);
  assertStrictEquals(await assertRejects(() => call(requests().unary), Error), error);
  assertEquals(failed, [error]);
});
