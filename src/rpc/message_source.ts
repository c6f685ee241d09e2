import { Code } from "./code.ts";
import { TtrpcError } from "./ttrpc_error.ts";

/**
 * Messages to send on a stream: an array, a generator, a `ReadableStream`, any iterable.
 *
 * A synchronous one is drained without waiting between messages, unless the peer reads too slowly. A message
 * may be changed once the next one is asked for.
 *
 * @example An array and a stream
 * ```ts
 * import { createRouterTransport, type MessageSource } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using transport = createRouterTransport((router) =>
 *   registerGreeter(router, {
 *     helloAll: async (requests) => ({ text: (await Array.fromAsync(requests, ({ name }) => name)).join() }),
 *   })
 * );
 * const names = [{ name: "Ada" }, { name: "Grace" }];
 * const sources: MessageSource<{ name: string }>[] = [names, ReadableStream.from(names)];
 * for (const source of sources) {
 *   assertEquals((await createGreeterClient(transport).helloAll(source)).text, "Ada,Grace");
 * }
 * ```
 */
export type MessageSource<T> = Iterable<T> | AsyncIterable<T>;

/**
 * Begins to iterate over a source.
 *
 * @throws {TypeError} If it is not iterable.
 */
export function iterateOver<T>(source: MessageSource<T>): Iterator<T> | AsyncIterator<T> {
  if (typeof source === "object" && source !== null) {
    if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
    if (Symbol.iterator in source) return source[Symbol.iterator]();
  }
  throw new TypeError("Cannot take messages: their source is not iterable");
}

/**
 * The message of a source that has just one, once the source has come to its end.
 *
 * @throws {TtrpcError} With code 13 if there is none, or more than one.
 */
export async function onlyMessage<T>(source: MessageSource<T>): Promise<T> {
  const messages: T[] = [];
  for await (const message of source) {
    messages.push(message);
    if (messages.length > 1) break;
  }
  const [first] = messages;
  if (messages.length === 1 && first !== undefined) return first;
  const found = first === undefined ? "none" : "more than one";
  throw new TtrpcError(`Cannot take messages: ${found} where one is due`, Code.Internal);
}

/** A source of one message, as an interceptor gets it. */
export async function* justOne<T>(message: T): AsyncGenerator<T, undefined> {
  yield message;
}
