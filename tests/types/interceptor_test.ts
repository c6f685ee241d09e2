import type { DescMethodUnary, Message } from "@bufbuild/protobuf";
import type {
  CallOptions,
  ContextKey,
  ContextValues,
  HandlerContext,
  InterceptedCall,
  Interceptor,
  Metadata,
  StreamingMethod,
  StreamRequest,
  StreamResponse,
  UnaryRequest,
  UnaryResponse,
} from "../../mod.ts";
import { createContextKey, createContextValues, createRouterTransport } from "../../mod.ts";
import { assertType, type Fits, neverRun } from "./assert_type.ts";

declare const request: UnaryRequest | StreamRequest;
declare const response: UnaryResponse | StreamResponse;
declare const context: HandlerContext;

Deno.test("Interceptor's request.stream tells messages and methods apart", () => {
  neverRun(() => {
    if (request.stream) {
      assertType<Fits<typeof request.message, AsyncIterable<Message>>>();
      assertType<Fits<typeof request.method, StreamingMethod>>();
      // @ts-expect-error -- a stream is no message
      request.message.$typeName.trim();
      // @ts-expect-error -- none of the streaming kinds
      return request.method.methodKind === "unary";
    }
    assertType<Fits<typeof request.message, Message>>();
    assertType<Fits<typeof request.method, DescMethodUnary>>();
    // @ts-expect-error -- a message is no stream
    request.message[Symbol.asyncIterator]();
    // @ts-expect-error -- the kind of streams
    return request.method.methodKind === "bidi_streaming";
  });
});

Deno.test("Interceptor's response.stream tells messages apart", () => {
  neverRun(() => {
    if (response.stream) assertType<Fits<typeof response.message, AsyncIterable<Message>>>();
    else assertType<Fits<typeof response.message, Message>>();
    // @ts-expect-error -- one of them, but which
    return response.message[Symbol.asyncIterator]();
  });
});

Deno.test("Interceptor may replace what it sees, by something of the same kind", () => {
  neverRun(() => {
    const all: Interceptor[] = [
      (next) => next,
      (next) => (request) => next(request),
      (next) => async (request) => await next({ ...request, signal: AbortSignal.timeout(1) }),
      (next) => (request) =>
        request.stream ? next({ ...request, message: ReadableStream.from([]) }) : next(request),
      // @ts-expect-error -- a stream where one message is due
      (next) => (request) => request.stream ? next(request) : next({ ...request, message: [] }),
      // @ts-expect-error -- metadata to be
      (next) => (request) => next({ ...request, metadata: { a: "b" } }),
      // @ts-expect-error -- nothing
      () => async () => {},
      // @ts-expect-error -- a message by itself
      (next) => async (request) => (await next(request)).message,
    ];
    return all;
  });
  neverRun(() => {
    // @ts-expect-error -- changed in place or replaced by next()
    request.metadata = context.metadata;
  });
});

Deno.test("InterceptedCall and HandlerContext share what both sides know", () => {
  type Shared = "signal" | "metadata" | "contextValues" | "service";
  assertType<Fits<Pick<HandlerContext, Shared>, Pick<InterceptedCall, Shared>>>();
  assertType<Fits<InterceptedCall["metadata"], Metadata>>();
});

Deno.test("HandlerContext.callOptions() takes and gives options of a call", () => {
  assertType<Fits<ReturnType<HandlerContext["callOptions"]>, CallOptions>>();
  neverRun(() => {
    context.callOptions({ timeoutMs: undefined, signal: undefined, metadata: [["a", "b"]] });
    // @ts-expect-error -- no such option
    context.callOptions({ timeout: 7 });
    // @ts-expect-error -- what only a context has
    context.callOptions().remote;
  });
});

Deno.test("ContextValues know the types of their keys", () => {
  const user: ContextKey<string | undefined> = createContextKey<string | undefined>(undefined);
  const values: ContextValues = createContextValues().set(user, "ada").set(user, undefined).delete(user);
  neverRun(() => {
    values.get(user)?.trim();
    values.get(createContextKey(1)).toFixed();
    // @ts-expect-error -- a value of another type
    values.set(user, 7);
    // @ts-expect-error -- perhaps undefined
    values.get(user).trim();
  });
});

Deno.test("createRouterTransport() takes the options of each side apart", () => {
  neverRun(() => {
    const pass: Interceptor = (next) => next;
    const routes = () => {};
    createRouterTransport(routes, { transport: { interceptors: [pass], defaultTimeoutMs: 1 } });
    createRouterTransport(routes, { server: { interceptors: [pass], onError: () => {} } });
    // @ts-expect-error -- of which side
    createRouterTransport(routes, { interceptors: [pass] });
    // @ts-expect-error -- given already
    createRouterTransport(routes, { server: { routes } });
    // @ts-expect-error -- an option of the client's side
    createRouterTransport(routes, { server: { defaultTimeoutMs: 1 } });
  });
});
