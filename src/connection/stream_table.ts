/** The open calls of one connection by their stream id. */
export class StreamTable<Stream> {
  readonly #streams = new Map<number, Stream>();

  /** How many calls are open. */
  get size(): number {
    return this.#streams.size;
  }

  /** The open call with an id. */
  get(streamId: number): Stream | undefined {
    return this.#streams.get(streamId);
  }

  /** Adds a call that was opened. */
  add(streamId: number, stream: Stream): void {
    this.#streams.set(streamId, stream);
  }

  /** Takes a call out that has ended. */
  remove(streamId: number): void {
    this.#streams.delete(streamId);
  }

  /** The calls that are open now; they may end meanwhile. */
  snapshot(): Stream[] {
    return [...this.#streams.values()];
  }
}
