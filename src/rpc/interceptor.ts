import type { DescMethodUnary, DescService, Message } from "@bufbuild/protobuf";
import type { ContextValues } from "./context_values.ts";
import type { Metadata } from "./metadata.ts";
import type { RemoteInfo } from "./remote_info.ts";
import type { StreamingMethod } from "./streaming_method.ts";

/** What an interceptor sees of every call. */
export interface InterceptedCall {
  /** The service of the method. */
  readonly service: DescService;
  /**
   * Aborts when the call is over: given up, past its deadline, answered. The reason is a
   * {@linkcode TtrpcError}.
   */
  readonly signal: AbortSignal;
  /** What goes to the server, or came from the client. May be changed in place, or replaced. */
  readonly metadata: Metadata;
  /** What this process knows of the call; never sent. */
  readonly contextValues: ContextValues;
  /** Who calls; undefined on a client. */
  readonly remote?: RemoteInfo;
}

/** A unary call on its way to the handler. */
export interface UnaryRequest extends InterceptedCall {
  /** Tells unary calls from the others. */
  readonly stream: false;
  /** The method that is called. */
  readonly method: DescMethodUnary;
  /** The request. */
  readonly message: Message;
}

/** A call of one of the three other kinds on its way to the handler. */
export interface StreamRequest extends InterceptedCall {
  /** Tells unary calls from the others. */
  readonly stream: true;
  /** The method that is called; its `methodKind` tells which kind it is. */
  readonly method: StreamingMethod;
  /** The requests; of a server-streaming method exactly one. */
  readonly message: AsyncIterable<Message>;
}

/** The reply of a unary call on its way to the caller. */
export interface UnaryResponse {
  /** Tells unary calls from the others. */
  readonly stream: false;
  /** The reply. */
  readonly message: Message;
}

/** The replies of a call of one of the three other kinds on their way to the caller. */
export interface StreamResponse {
  /** Tells unary calls from the others. */
  readonly stream: true;
  /** The replies; of a client-streaming method exactly one. They are on their way while this is read. */
  readonly message: AsyncIterable<Message>;
}

/**
 * The rest of a call's way: what an interceptor is given, and what it makes of it.
 *
 * It rejects with the error that the call fails with. A call with a stream of replies may still fail while
 * these are read.
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
 * call's deadline and signal are around all interceptors: whatever these do, the caller does not wait longer.
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
      throw new TypeError("Cannot call next again: the messages of a stream can be sent only once");
    }
    isCalled = true;
    return next(request);
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
