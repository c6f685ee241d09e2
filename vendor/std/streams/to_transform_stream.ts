/**
 * Makes a transform stream of a generator over the chunks that are written.
 *
 * @typeParam I The type of the chunks written.
 * @typeParam O The type of the chunks read.
 * @param transformer Takes the written chunks as a stream and yields those to be read.
 * @param writableStrategy How much may be written ahead.
 * @param readableStrategy How much may be made ahead of a read.
 */
export function toTransformStream<I, O>(
  transformer: (src: ReadableStream<I>) => Iterable<O> | AsyncIterable<O>,
  writableStrategy?: QueuingStrategy<I>,
  readableStrategy?: QueuingStrategy<O>,
): TransformStream<I, O> {
  const { writable, readable: written } = new TransformStream<I, I>(undefined, writableStrategy);
  const iterable = transformer(written);
  const iterator = Symbol.asyncIterator in iterable
    ? iterable[Symbol.asyncIterator]()
    : iterable[Symbol.iterator]();
  const readable = new ReadableStream<O>({
    async pull(controller) {
      let result: IteratorResult<O>;
      try {
        result = await iterator.next();
      } catch (error) {
        // A generator that let go of its source has failed for the writer too.
        if (!written.locked) await written.cancel(error);
        throw error;
      }
      if (result.done) {
        if (!written.locked) await written.cancel();
        controller.close();
      } else {
        controller.enqueue(result.value);
      }
    },
    async cancel(reason) {
      await iterator.return?.();
      if (!written.locked) await written.cancel(reason);
    },
  }, readableStrategy);
  return { writable, readable };
}
