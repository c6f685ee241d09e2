/**
 * Joins streams one after the other. A stream is not read before those in front of it have ended.
 *
 * @typeParam T The type of the chunks.
 * @param streams The streams, in this order.
 * @returns One stream with all their chunks; cancelling it cancels those that have not ended.
 */
export function concatReadableStreams<T>(...streams: ReadableStream<T>[]): ReadableStream<T> {
  const readers = streams.map((stream) => stream.getReader());
  return new ReadableStream<T>({
    async pull(controller) {
      for (let reader = readers[0]; reader !== undefined; reader = readers[0]) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        reader.releaseLock();
        readers.shift();
      }
      controller.close();
    },
    async cancel(reason) {
      await Promise.all(readers.map((reader) => reader.cancel(reason)));
    },
  });
}
