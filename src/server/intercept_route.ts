import {
  create,
  type DescMessage,
  type DescMethodUnary,
  type Message,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import { CALL_ENDED, GuardedMessages } from "../rpc/guarded_messages.ts";
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
import { justOne, type MessageSource, onlyMessage } from "../rpc/message_source.ts";
import type { StreamingMethod } from "../rpc/streaming_method.ts";
import type { HandlerContext } from "./handler_context.ts";
import { InterceptedContext } from "./intercepted_context.ts";
import type { Route } from "./route_table.ts";

type Init = MessageInitShape<DescMessage>;

/** A route whose calls pass interceptors on their way to the function behind it. */
export function interceptRoute(route: Route, interceptors: readonly Interceptor[]): Route {
  if (interceptors.length === 0) return route;
  const { info } = route;
  return {
    info,
    handler(input, context) {
      // Not the context's signal: that one aborts too when a client has closed its half, and still reads
      // (PROTOCOL.md Z2).
      const over = new AbortController();
      const call = throughInterceptors(
        interceptors,
        (request) => callFunction(route, request, context, over.signal),
      );
      const replies = async () => messagesOf(await call(makeRequest(route, input, context)));
      if (!info.repliesStream) return replies().then(onlyMessage);
      return new GuardedMessages<Message>({
        open: replies,
        signal: over.signal,
        map: (reply) => reply,
        onEnd: () => over.abort(context.signal.reason ?? CALL_ENDED),
      });
    },
  };
}

/** Here a description, of which only its kind is known, becomes a request of that kind. */
function makeRequest({ info }: Route, input: unknown, context: HandlerContext): UnaryRequest | StreamRequest {
  const { service, signal, metadata, contextValues, remote } = context;
  const base = { service, signal, metadata, contextValues, remote };
  if (info.method.methodKind === "unary") {
    return { ...base, stream: false, method: info.method as DescMethodUnary, message: input as Message };
  }
  const message = info.sendsStream ? input as AsyncIterable<Message> : justOne(input as Message);
  return { ...base, stream: true, method: info.method as StreamingMethod, message };
}

/** What comes after the last interceptor. */
async function callFunction(
  { info, handler }: Route,
  request: UnaryRequest | StreamRequest,
  context: HandlerContext,
  signal: AbortSignal,
): Promise<UnaryResponse | StreamResponse> {
  const inner = new InterceptedContext(context, request);
  const toMessage = (reply: Init) => create(info.method.output, reply);
  if (!request.stream) {
    const message = requireType(info.method.input, request.message);
    return { stream: false, message: toMessage(await handler(message, inner) as Init) };
  }
  const input = info.sendsStream
    ? request.message
    : requireType(info.method.input, await onlyMessage(request.message));
  const output = handler(input, inner);
  if (!info.repliesStream) return { stream: true, message: justOne(toMessage(await output as Init)) };
  const open = () => output as MessageSource<Init>;
  return { stream: true, message: new GuardedMessages({ open, signal, map: toMessage }) };
}
