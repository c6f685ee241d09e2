/**
 * Messages to send on a stream: an array, a generator, a `ReadableStream`, any iterable.
 *
 * A synchronous one is drained without waiting between messages, unless the peer reads too slowly. A message
 * may be changed once the next one is asked for.
 */
export type MessageSource<T> = Iterable<T> | AsyncIterable<T>;
