import type { DescMethod, DescMethodBiDiStreaming, DescMethodUnary, Message } from "@bufbuild/protobuf";
import type { Transport } from "../../src/client/transport.ts";
import type { CallOptions } from "../../src/rpc/call_options.ts";

/**
 * Calls a method of any kind; a single reply comes as a stream of one.
 *
 * @param message The request of a method that takes one.
 * @param upload The requests of a method that takes a stream.
 */
export function callMethod(
  transport: Transport,
  method: DescMethod,
  message: Message,
  upload: AsyncIterable<Message>,
  options: CallOptions = {},
): AsyncIterable<Message> {
  // A description of which only its kind is known becomes one of that kind.
  if (method.methodKind === "unary") {
    return one(() => transport.unary(method as DescMethodUnary, message, options));
  }
  const messages = method.methodKind === "server_streaming" ? [message] : upload;
  return transport.stream(method as DescMethodBiDiStreaming, messages, options);
}

async function* one(reply: () => Promise<Message>): AsyncGenerator<Message> {
  yield await reply();
}
