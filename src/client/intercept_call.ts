import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type Message,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import type { CallOptions } from "../rpc/call_options.ts";
import { createContextValues } from "../rpc/context_values.ts";
import { GuardedMessages } from "../rpc/guarded_messages.ts";
import {
  type Interceptor,
  messagesOf,
  type StreamRequest,
  type StreamResponse,
  throughInterceptors,
  type UnaryRequest,
  type UnaryResponse,
} from "../rpc/interceptor.ts";
import { requireType } from "../rpc/require_type.ts";
import { type MessageSource, onlyMessage } from "../rpc/message_source.ts";
import { Metadata } from "../rpc/metadata.ts";
import type { StreamingMethod } from "../rpc/streaming_method.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { CallGuard } from "./call_guard.ts";
import type { WatchedCallOptions } from "./client_call.ts";

type Init = MessageInitShape<DescMessage>;

/** What a transport's interceptors stand in front of. */
export interface InterceptedTransport {
  /** Those that a call passes, the first one first. */
  readonly interceptors: readonly Interceptor[];
  /** `timeoutMs` of calls that give none. */
  readonly defaultTimeoutMs: number;
  /**
   * Lets a call in.
   *
   * @throws {TtrpcError} If the transport is closed.
   */
  enter(guard: CallGuard): void;
  /** A call that was let in is over. */
  leave(guard: CallGuard): void;
  /** Makes a call that has passed all interceptors. */
  carry(
    request: UnaryRequest | StreamRequest,
    options: WatchedCallOptions,
  ): Promise<UnaryResponse | StreamResponse>;
}

/** Makes a unary call through the interceptors of a transport. */
export async function interceptUnary(
  transport: InterceptedTransport,
  method: DescMethodUnary,
  message: Init,
  options: CallOptions,
): Promise<Message> {
  return await onlyMessage(intercept(transport, options, (signal) => ({
    ...callBase(method, options, signal),
    stream: false,
    method,
    message: create(method.input, message),
  })));
}

/** Makes a streaming call through the interceptors of a transport, once the first reply is asked for. */
export function interceptStream(
  transport: InterceptedTransport,
  method: StreamingMethod,
  messages: MessageSource<Init>,
  options: CallOptions,
): AsyncIterableIterator<Message, undefined> {
  return intercept(transport, options, (signal) => ({
    ...callBase(method, options, signal),
    stream: true,
    method,
    message: new GuardedMessages<Init, Message>({
      open: () => messages,
      signal,
      map: (message) => create(method.input, message),
    }),
  }));
}

/** The replies of a call; of a unary one there is one. */
function intercept(
  transport: InterceptedTransport,
  options: CallOptions,
  makeRequest: (signal: AbortSignal) => UnaryRequest | StreamRequest,
): GuardedMessages<Message> {
  const guard = new CallGuard(options, transport.defaultTimeoutMs);
  const { signal } = guard;
  const request = makeRequest(signal);
  const open = async () => {
    guard.begin();
    transport.enter(guard);
    const call = throughInterceptors(
      transport.interceptors,
      (request) => transport.carry(request, guard.pass(request)),
    );
    return messagesOf(await call(request));
  };
  return new GuardedMessages({
    open,
    signal,
    map: (reply) => requireType(request.method.output, reply),
    mapError: TtrpcError.from,
    onEnd() {
      transport.leave(guard);
      guard.end();
    },
  });
}

function callBase(method: DescMethodUnary | StreamingMethod, options: CallOptions, signal: AbortSignal) {
  return {
    service: method.parent,
    signal,
    metadata: new Metadata(options.metadata),
    contextValues: options.contextValues ?? createContextValues(),
  };
}
