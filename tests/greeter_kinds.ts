import { create, type DescMethod, isMessage, type Message } from "@bufbuild/protobuf";
import {
  CountReplySchema,
  CountRequestSchema,
  HelloReplySchema,
  HelloRequestSchema,
} from "../gen/greeter/v1/greeter_pb.ts";
import {
  createGreeterClient,
  type GreeterClient,
  type GreeterImplementation,
  registerGreeter,
} from "../gen/greeter/v1/greeter_ttrpc.ts";
import type { Transport } from "../src/client/transport.ts";
import { createRouterTransport } from "../src/net/create_router_transport.ts";
import type { CallOptions } from "../src/rpc/call_options.ts";
import type { Interceptor } from "../src/rpc/interceptor.ts";
import type { HandlerContext } from "../src/server/handler_context.ts";
import type { ErrorContext } from "../src/server/serve_connection.ts";

/** Either end of a connection. */
export type Side = "client" | "server";
/** Both ends. */
export const SIDES: readonly Side[] = ["client", "server"];

/** A way to call the greeter with one message, its replies as texts. */
export interface GreeterKind {
  kind: DescMethod["methodKind"];
  call(greeter: GreeterClient, text: string, options?: CallOptions): Promise<string[]>;
}

/** A call of each kind. The text is a whole number, since `Count` takes no other. */
export const KINDS: readonly GreeterKind[] = [
  {
    kind: "unary",
    call: async (greeter, name, options) => [textOf(await greeter.hello({ name }, options))],
  },
  {
    kind: "server_streaming",
    call: (greeter, text, options) => Array.fromAsync(greeter.count({ n: Number(text) }, options), textOf),
  },
  {
    kind: "client_streaming",
    call: async (greeter, name, options) => [textOf(await greeter.helloAll([{ name }], options))],
  },
  {
    kind: "bidi_streaming",
    call: (greeter, name, options) => Array.fromAsync(greeter.chat([{ name }], options), textOf),
  },
];

/** The one word, or the number, of a message of the greeter. */
export function textOf(message: Message): string {
  if (isMessage(message, HelloRequestSchema)) return message.name;
  if (isMessage(message, HelloReplySchema)) return message.text;
  if (isMessage(message, CountRequestSchema)) return `${message.n}`;
  if (isMessage(message, CountReplySchema)) return `${message.i}`;
  throw new TypeError(`Cannot read a ${message.$typeName}: no message of the greeter`);
}

/** A message of the same type with another word or number. */
export function withText({ $typeName }: Message, text: string): Message {
  switch ($typeName) {
    case HelloRequestSchema.typeName:
      return create(HelloRequestSchema, { name: text });
    case HelloReplySchema.typeName:
      return create(HelloReplySchema, { text });
    case CountRequestSchema.typeName:
      return create(CountRequestSchema, { n: Number(text) });
    default:
      return create(CountReplySchema, { i: Number(text) });
  }
}

/** A greeter on a server in memory, with interceptors on both ways there. */
export interface InterceptedGreeter {
  greeter: GreeterClient;
  transport: Transport;
  /** Those of the handlers that were called. */
  contexts: HandlerContext[];
  /** What `onError` was told. */
  errors: [error: unknown, context: ErrorContext][];
}

/** Serves a greeter that sends back what it is told, but for the methods of `implementation`. */
export function interceptGreeter(
  interceptors: Partial<Record<Side, Interceptor[]>>,
  implementation: Partial<GreeterImplementation> = {},
): InterceptedGreeter {
  const contexts: HandlerContext[] = [];
  const errors: InterceptedGreeter["errors"] = [];
  const echo: GreeterImplementation = {
    hello({ name }, context) {
      contexts.push(context);
      return { text: name };
    },
    count({ n }, context) {
      contexts.push(context);
      return [{ i: n }];
    },
    async helloAll(requests, context) {
      contexts.push(context);
      return { text: (await Array.fromAsync(requests, textOf)).join() };
    },
    async *chat(requests, context) {
      contexts.push(context);
      for await (const { name } of requests) yield { text: name };
    },
  };
  const transport = createRouterTransport(
    (router) => registerGreeter(router, { ...echo, ...implementation }),
    {
      transport: { interceptors: interceptors.client },
      server: {
        interceptors: interceptors.server,
        onError: (error, context) => errors.push([error, context]),
      },
    },
  );
  return { greeter: createGreeterClient(transport), transport, contexts, errors };
}

/** An interceptor that puts something else in the place of each message, request or reply. */
export function mapMessages(
  mapRequest: (message: Message) => Message,
  mapReply: (message: Message) => Message,
): Interceptor {
  return (next) => async (request) => {
    const response = request.stream
      ? await next({ ...request, message: mapAll(request.message, mapRequest) })
      : await next({ ...request, message: mapRequest(request.message) });
    return response.stream
      ? { stream: true, message: mapAll(response.message, mapReply) }
      : { stream: false, message: mapReply(response.message) };
  };
}

async function* mapAll(messages: AsyncIterable<Message>, map: (message: Message) => Message) {
  for await (const message of messages) yield map(message);
}
