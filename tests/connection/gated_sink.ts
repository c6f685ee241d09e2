/** A `WritableStream` that keeps its chunks, and takes each only while the gate is open. */
export class GatedSink {
  /** What was written so far, one chunk for each write. */
  readonly chunks: Uint8Array[] = [];
  /** What became of the stream. */
  state: "open" | "closed" | "aborted" = "open";
  /** The reason of an abort. */
  abortReason: unknown;
  /** The stream. */
  readonly writable: WritableStream<Uint8Array>;
  #gate = Promise.resolve();
  #open: () => void = () => {};
  #error: unknown;

  constructor() {
    this.writable = new WritableStream({
      write: async (chunk) => {
        this.chunks.push(chunk);
        await this.#gate;
        if (this.#error !== undefined) throw this.#error;
      },
      close: () => {
        this.state = "closed";
      },
      abort: (reason) => {
        this.state = "aborted";
        this.abortReason = reason;
      },
    });
  }

  /** Shuts the gate: the next write waits. */
  hold(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    this.#open = resolve;
  }

  /** Opens the gate for the write that waits, and for all that follow. */
  release(): void {
    this.#open();
  }

  /** Opens the gate; the write that waits, and those that follow, fail. */
  fail(error: unknown): void {
    this.#error = error;
    this.#open();
  }
}
