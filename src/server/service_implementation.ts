import type {
  DescMethod,
  DescMethodBiDiStreaming,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from "@bufbuild/protobuf";
import type { MessageSource } from "../rpc/message_source.ts";
import type { HandlerContext } from "./handler_context.ts";

/**
 * The function behind a method.
 *
 * One reply may be a message or just its fields, now or as a promise; a stream of them any
 * {@linkcode MessageSource}. What it throws ends the call with an error: a {@linkcode TtrpcError} as it is,
 * anything else with code 2 and its message.
 *
 * @example A handler in a file of its own
 * ```ts
 * import { createRouterTransport, type MethodImplementation } from "@ttrpc/ttrpc";
 * import { Greeter } from "./gen/greeter/v1/greeter_pb.ts";
 * import { createGreeterClient } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const count: MethodImplementation<typeof Greeter.method.count> = async function* ({ n }, { signal }) {
 *   for (let i = 0; i < n && !signal.aborted; i++) yield { i };
 * };
 *
 * await using transport = createRouterTransport((router) => router.rpc(Greeter.method.count, count));
 * const replies = createGreeterClient(transport).count({ n: 3 });
 * assertEquals(await Array.fromAsync(replies, ({ i }) => i), [0, 1, 2]);
 * ```
 */
export type MethodImplementation<Method extends DescMethod> = Method extends
  DescMethodUnary<infer Input, infer Output> ? (
    request: MessageShape<Input>,
    context: HandlerContext,
  ) => MessageInitShape<Output> | Promise<MessageInitShape<Output>>
  : Method extends DescMethodServerStreaming<infer Input, infer Output>
    ? (request: MessageShape<Input>, context: HandlerContext) => MessageSource<MessageInitShape<Output>>
  : Method extends DescMethodClientStreaming<infer Input, infer Output> ? (
      requests: AsyncIterable<MessageShape<Input>>,
      context: HandlerContext,
    ) => MessageInitShape<Output> | Promise<MessageInitShape<Output>>
  : Method extends DescMethodBiDiStreaming<infer Input, infer Output> ? (
      requests: AsyncIterable<MessageShape<Input>>,
      context: HandlerContext,
    ) => MessageSource<MessageInitShape<Output>>
  : never;

/**
 * An object with a function for each method of a service.
 *
 * @example A class with a state
 * ```ts
 * import { createRouterTransport, type ServiceImplementation } from "@ttrpc/ttrpc";
 * import { Greeter, type HelloRequest } from "./gen/greeter/v1/greeter_pb.ts";
 * import { createGreeterClient } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * class Doorman implements Pick<ServiceImplementation<typeof Greeter>, "hello"> {
 *   #guests = 0;
 *
 *   hello({ name }: HelloRequest) {
 *     return { text: `Hello, ${name}, you are number ${++this.#guests}` };
 *   }
 * }
 *
 * await using transport = createRouterTransport((router) => router.service(Greeter, new Doorman()));
 * const { text } = await createGreeterClient(transport).hello({ name: "Ada" });
 * assertEquals(text, "Hello, Ada, you are number 1");
 * ```
 */
export type ServiceImplementation<Service extends DescService> = {
  [Name in keyof Service["method"]]: MethodImplementation<Service["method"][Name]>;
};
