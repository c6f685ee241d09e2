import type { DescMethodUnary, DescService, Message } from "@bufbuild/protobuf";
import type { ContextValues } from "./context_values.ts";
import type { MessageSource } from "./message_source.ts";
import type { Metadata } from "./metadata.ts";
import type { RemoteInfo } from "./remote_info.ts";
import type { StreamingMethod } from "./streaming_method.ts";

/**
 * What an interceptor sees of every call.
 *
 * @example Authentication by metadata
 * ```ts
 * import { Code, createRouterTransport, TtrpcError } from "@ttrpc/ttrpc";
 * import type { InterceptedCall, Interceptor } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * function requireToken({ metadata }: InterceptedCall): void {
 *   if (metadata.get("token") !== "secret") throw new TtrpcError("Who are you?", Code.Unauthenticated);
 * }
 * const guard: Interceptor = (next) => (request) => {
 *   requireToken(request);
 *   return next(request);
 * };
 *
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello: () => ({ text: "Hello" }) }),
 *   { server: { interceptors: [guard] } },
 * );
 * const greeter = createGreeterClient(transport);
 * await assertRejects(() => greeter.hello({}), TtrpcError, "Who are you?");
 * assertEquals((await greeter.hello({}, { metadata: { token: "secret" } })).text, "Hello");
 * ```
 */
export interface InterceptedCall {
  /** The service of the method. */
  readonly service: DescService;
  /**
   * Aborts when the call is over: given up, past its deadline, answered; on a server also when the client
   * has closed its half (PROTOCOL.md Z2). The reason is a {@linkcode TtrpcError}. A signal that is put in its
   * place may end the call earlier, with a reason of its own; it changes no deadline.
   */
  readonly signal: AbortSignal;
  /** What goes to the server, or came from the client. May be changed in place, or replaced. */
  readonly metadata: Metadata;
  /** What this process knows of the call; never sent. */
  readonly contextValues: ContextValues;
  /** Who calls; undefined on a client. */
  readonly remote?: RemoteInfo;
}

/**
 * A unary call on its way to the handler.
 *
 * @example Try a call again that was aborted
 * ```ts
 * import { Code, createRouterTransport, TtrpcError } from "@ttrpc/ttrpc";
 * import type { InterceptedNext, UnaryRequest } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * function tryTwice(request: UnaryRequest, next: InterceptedNext): ReturnType<InterceptedNext> {
 *   return next(request).catch((error) => {
 *     if (TtrpcError.from(error).code !== Code.Aborted) throw error;
 *     return next(request);
 *   });
 * }
 *
 * let calls = 0;
 * function hello() {
 *   if (++calls === 1) throw new TtrpcError("Lost against another call", Code.Aborted);
 *   return { text: "Hello" };
 * }
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello }),
 *   { transport: { interceptors: [(next) => (call) => call.stream ? next(call) : tryTwice(call, next)] } },
 * );
 * assertEquals((await createGreeterClient(transport).hello({})).text, "Hello");
 * ```
 */
export interface UnaryRequest extends InterceptedCall {
  /** Tells unary calls from the others. */
  readonly stream: false;
  /** The method that is called. */
  readonly method: DescMethodUnary;
  /** The request. */
  readonly message: Message;
}

/**
 * A call of one of the three other kinds on its way to the handler.
 *
 * @example Count what a client sends
 * ```ts
 * import { createRouterTransport, type Interceptor, type StreamRequest } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * let sent = 0;
 * async function* counted({ message }: StreamRequest) {
 *   for await (const request of message) {
 *     sent++;
 *     yield request;
 *   }
 * }
 * const count: Interceptor = (next) => (request) =>
 *   next(request.stream ? { ...request, message: counted(request) } : request);
 *
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { helloAll: (names) => Array.fromAsync(names).then(() => ({})) }),
 *   { transport: { interceptors: [count] } },
 * );
 * await createGreeterClient(transport).helloAll([{ name: "Ada" }, { name: "Grace" }]);
 * assertEquals(sent, 2);
 * ```
 */
export interface StreamRequest extends InterceptedCall {
  /** Tells unary calls from the others. */
  readonly stream: true;
  /** The method that is called; its `methodKind` tells which kind it is. */
  readonly method: StreamingMethod;
  /** The requests; of a server-streaming method exactly one. */
  readonly message: AsyncIterable<Message>;
}

/**
 * The reply of a unary call on its way to the caller.
 *
 * @example An answer that asks no server
 * ```ts
 * import { createRouterTransport, type Interceptor, type UnaryResponse } from "@ttrpc/ttrpc";
 * import { create } from "@bufbuild/protobuf";
 * import { Greeter, HelloReplySchema } from "./gen/greeter/v1/greeter_pb.ts";
 * import { createGreeterClient } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const message = create(HelloReplySchema, { text: "We are closed" });
 * const closed: UnaryResponse = { stream: false, message };
 * const refuse: Interceptor = (next) => async (request) =>
 *   request.method === Greeter.method.hello ? closed : await next(request);
 *
 * await using transport = createRouterTransport(() => {}, { transport: { interceptors: [refuse] } });
 * assertEquals((await createGreeterClient(transport).hello({ name: "Ada" })).text, "We are closed");
 * ```
 */
export interface UnaryResponse {
  /** Tells unary calls from the others. */
  readonly stream: false;
  /** The reply. */
  readonly message: Message;
}

/**
 * The replies of a call of one of the three other kinds on their way to the caller.
 *
 * @example Notice the end of the replies
 * ```ts
 * import { createRouterTransport, type Interceptor, type StreamResponse } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * async function* noticed({ message }: StreamResponse) {
 *   yield* message;
 *   lines.push("the last reply has come");
 * }
 * const notice: Interceptor = (next) => async (request) => {
 *   const response = await next(request);
 *   return response.stream ? { stream: true, message: noticed(response) } : response;
 * };
 *
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { count: ({ n }) => Array.from({ length: n }, (_, i) => ({ i })) }),
 *   { transport: { interceptors: [notice] } },
 * );
 * await Array.fromAsync(createGreeterClient(transport).count({ n: 3 }));
 * assertEquals(lines, ["the last reply has come"]);
 * ```
 */
export interface StreamResponse {
  /** Tells unary calls from the others. */
  readonly stream: true;
  /** The replies; of a client-streaming method exactly one. They are on their way while this is read. */
  readonly message: AsyncIterable<Message>;
}

/**
 * The rest of a call's way: what an interceptor is given, and what it makes of it.
 *
 * It rejects with the error that the call fails with. Of a call with a stream of replies it resolves before
 * there is one, on a client even before anything is sent: such a call goes on, and may fail, while its
 * replies are read.
 *
 * @example Log what fails
 * ```ts
 * import { createRouterTransport, type InterceptedNext, TtrpcError } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const lines: string[] = [];
 * function logFailures(next: InterceptedNext): InterceptedNext {
 *   return (request) =>
 *     next(request).catch((error) => {
 *       lines.push(`${request.method.name}: ${error.message}`);
 *       throw error;
 *     });
 * }
 *
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello: () => Promise.reject(new TtrpcError("Out of words")) }),
 *   { transport: { interceptors: [logFailures] } },
 * );
 * await assertRejects(() => createGreeterClient(transport).hello({}));
 * assertEquals(lines, ["Hello: [unknown] Out of words"]);
 * ```
 */
export type InterceptedNext = (
  request: UnaryRequest | StreamRequest,
) => Promise<UnaryResponse | StreamResponse>;

/**
 * Looks at calls, changes them or answers them: the same type on clients and servers, for all kinds of call.
 *
 * The first of a list sees a call first and its reply last. Each is called anew for every call. It may hand
 * on another request than it got (`next({ ...request, message })`), return another response, throw, or answer
 * without `next`. Of a unary call it may ask `next` again, such as to retry; of a stream only once. The
 * call's deadline and signal are around all interceptors: whatever these do, the caller does not wait longer,
 * and what they have begun with `next` ends with the call.
 * A stream that passes interceptors has to be read within them too. What an interceptor throws fails the call
 * as if the server had: a {@linkcode TtrpcError} as it is, anything else with code 2.
 *
 * On a server they see every call whose method exists and whose request can be decoded; others go to
 * {@linkcode ServeConnectionOptions.onError}.
 *
 * @example Log every call
 * ```ts
 * import { createRouterTransport, type Interceptor } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const log: Interceptor = (next) => async (request) => {
 *   lines.push(`${request.service.typeName}/${request.method.name}`);
 *   return await next(request);
 * };
 *
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello: ({ name }) => ({ text: `Hello, ${name}` }) }),
 *   { transport: { interceptors: [log] } },
 * );
 * await createGreeterClient(transport).hello({ name: "Ada" });
 * assertEquals(lines, ["greeter.v1.Greeter/Hello"]);
 * ```
 */
export type Interceptor = (next: InterceptedNext) => InterceptedNext;

/**
 * The way of one call through interceptors.
 *
 * @param last What comes after the last of them.
 */
export function throughInterceptors(
  interceptors: readonly Interceptor[],
  last: InterceptedNext,
): InterceptedNext {
  return interceptors.reduceRight((next, interceptor) => checked(interceptor(onceForStreams(next))), last);
}

/** A stream can be neither sent nor read a second time. */
function onceForStreams(next: InterceptedNext): InterceptedNext {
  let isCalled = false;
  return (request) => {
    if (isCalled && request.stream) {
      const message = "Cannot call next again: the messages of a stream can be sent only once";
      return Promise.reject(new TypeError(message));
    }
    isCalled = true;
    const response = next(request);
    response.catch(() => {
      // An interceptor that has answered by itself may have dropped it: the call has its outcome.
    });
    return response;
  };
}

/** Names the mistake of an interceptor that answers with nothing, or with another kind of response. */
function checked(call: InterceptedNext): InterceptedNext {
  return async (request) => {
    const response = await call(request);
    if (response?.stream === request.stream) return response;
    const { name } = request.method;
    throw new TypeError(
      `Cannot take what an interceptor returns for ${name}: stream is not ${request.stream}`,
    );
  };
}

/** The replies of a response; of a unary one there is one. */
export function messagesOf(response: UnaryResponse | StreamResponse): MessageSource<Message> {
  return response.stream ? response.message : [response.message];
}
