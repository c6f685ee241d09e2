import type {
  DescMessage,
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { CallOptions } from "../rpc/call_options.ts";
import { type MessageSource, onlyMessage } from "../rpc/message_source.ts";
import type { StreamingMethod } from "../rpc/streaming_method.ts";
import type { Transport } from "./transport.ts";

/**
 * The function that calls a method.
 *
 * A request may be a message or just its fields. One reply comes as a promise; a stream of replies as an
 * iterable, whose call begins with the loop and is given up by leaving it. Promise and loop fail with a
 * {@linkcode TtrpcError}.
 *
 * @example A function that needs one method only
 * ```ts
 * import { type ClientMethod, createClient, createRouterTransport } from "@ttrpc/ttrpc";
 * import { Greeter } from "./gen/greeter/v1/greeter_pb.ts";
 * import { assertEquals } from "@std/assert";
 *
 * async function firstOf(count: ClientMethod<typeof Greeter.method.count>): Promise<number> {
 *   for await (const { i } of count({ n: 1000 })) return i; // Leaving the loop gives the call up.
 *   return -1;
 * }
 *
 * await using transport = createRouterTransport((router) =>
 *   router.service(Greeter, { count: ({ n }) => Array.from({ length: n }, (_, i) => ({ i })) })
 * );
 * assertEquals(await firstOf(createClient(Greeter, transport).count), 0);
 * ```
 */
export type ClientMethod<Method extends DescMethod> = Method extends
  DescMethodUnary<infer Input, infer Output>
  ? (request: MessageInitShape<Input>, options?: CallOptions) => Promise<MessageShape<Output>>
  : Method extends DescMethodServerStreaming<infer Input, infer Output>
    ? (request: MessageInitShape<Input>, options?: CallOptions) => AsyncIterable<MessageShape<Output>>
  : Method extends DescMethodClientStreaming<infer Input, infer Output> ? (
      requests: MessageSource<MessageInitShape<Input>>,
      options?: CallOptions,
    ) => Promise<MessageShape<Output>>
  : Method extends DescMethodBiDiStreaming<infer Input, infer Output> ? (
      requests: MessageSource<MessageInitShape<Input>>,
      options?: CallOptions,
    ) => AsyncIterable<MessageShape<Output>>
  : never;

/**
 * An object with a function for each method of a service.
 *
 * @example A parameter that a test fills with a stand-in
 * ```ts
 * import type { Client } from "@ttrpc/ttrpc";
 * import { create } from "@bufbuild/protobuf";
 * import { type Greeter, HelloReplySchema } from "./gen/greeter/v1/greeter_pb.ts";
 * import { assertEquals } from "@std/assert";
 *
 * async function shout(greeter: Pick<Client<typeof Greeter>, "hello">): Promise<string> {
 *   return (await greeter.hello({ name: "Ada" }, { timeoutMs: 500 })).text.toUpperCase();
 * }
 *
 * const hello = () => Promise.resolve(create(HelloReplySchema, { text: "Hello" }));
 * assertEquals(await shout({ hello }), "HELLO");
 * ```
 */
export type Client<Service extends DescService> = {
  [Name in keyof Service["method"]]: ClientMethod<Service["method"][Name]>;
};

/**
 * Makes a client of a service.
 *
 * @param service Describes the service, such as `Greeter` of `greeter_pb.ts`.
 * @param transport Carries its calls; many clients may share one.
 *
 * @example Usage
 * ```ts
 * import { createClient, createRouterTransport } from "@ttrpc/ttrpc";
 * import { Greeter } from "./gen/greeter/v1/greeter_pb.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using transport = createRouterTransport((router) =>
 *   router.service(Greeter, { hello: ({ name }) => ({ text: `Hello, ${name}` }) })
 * );
 * const greeter = createClient(Greeter, transport);
 * assertEquals((await greeter.hello({ name: "Ada" })).text, "Hello, Ada");
 * ```
 */
export function createClient<Service extends DescService>(
  service: Service,
  transport: Transport,
): Client<Service> {
  const client: Record<string, unknown> = {};
  for (const method of service.methods) client[method.localName] = clientMethod(method, transport);
  return client as Client<Service>;
}

type Request = MessageInitShape<DescMessage>;
type Requests = MessageSource<Request>;

/** Here a description, of which only its kind is known, becomes a function of that kind. */
function clientMethod(method: DescMethod, transport: Transport): unknown {
  const unary = method as DescMethodUnary;
  const streaming = method as StreamingMethod;
  switch (method.methodKind) {
    case "unary":
      return (request: Request, options?: CallOptions) => transport.unary(unary, request, options);
    case "server_streaming":
      return (request: Request, options?: CallOptions) => transport.stream(streaming, [request], options);
    case "client_streaming":
      return (requests: Requests, options?: CallOptions) =>
        onlyReply(() => transport.stream(streaming, requests, options));
    case "bidi_streaming":
      return (requests: Requests, options?: CallOptions) => transport.stream(streaming, requests, options);
  }
}

/** Of an argument that is wrong, a promise tells by rejecting. */
async function onlyReply<T>(call: () => AsyncIterable<T>): Promise<T> {
  return await onlyMessage(call());
}
