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

/** An object with a function for each method of a service. */
export type ServiceImplementation<Service extends DescService> = {
  [Name in keyof Service["method"]]: MethodImplementation<Service["method"][Name]>;
};
