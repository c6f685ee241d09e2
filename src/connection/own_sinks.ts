const sinks = new WeakSet<WritableStream<Uint8Array>>();

/**
 * Says that a `writable` is done with a chunk once its write has resolved, as our own sockets are. Any other may
 * keep what it was given.
 */
export function markOwnSink(writable: WritableStream<Uint8Array>): void {
  sinks.add(writable);
}

/** Whether the chunks that a `writable` was given may be used again. */
export function isOwnSink(writable: WritableStream<Uint8Array>): boolean {
  return sinks.has(writable);
}
