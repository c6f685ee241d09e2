import type { FrameDecoder, FrameSink } from "../wire/frame_decoder.ts";

/** Carries the frames of a `ReadableStream` to a sink. */
export class ReaderPipe {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder: FrameDecoder;
  #isStopped = false;

  /** Takes the lock of `readable`. */
  constructor(readable: ReadableStream<Uint8Array>, decoder: FrameDecoder) {
    this.#reader = readable.getReader();
    this.#decoder = decoder;
  }

  /**
   * Reads to the end of the stream.
   *
   * @param pause Asked before a chunk is decoded: a promise of when to go on, or undefined to go on now.
   * @throws What the stream fails with, or a {@linkcode FrameError} if the bytes are no frames.
   */
  async run(sink: FrameSink, pause: () => Promise<void> | undefined = goOn): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        for (let wait = pause(); wait !== undefined; wait = pause()) await wait;
        if (this.#isStopped) return;
        this.#decoder.push(value, sink);
      }
      this.#decoder.end();
    } finally {
      this.#reader.releaseLock();
    }
  }

  /** Hands the sink no further frame. */
  stop(): void {
    this.#isStopped = true;
  }
}

function goOn(): undefined {}
