import type { FrameDecoder, FrameSink } from "../wire/frame_decoder.ts";

/** Carries the frames of a `ReadableStream` to a sink. */
export class ReaderPipe {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder: FrameDecoder;
  #isStopped = false;
  #receivedBytes = 0;

  /** Takes the lock of `readable`. */
  constructor(readable: ReadableStream<Uint8Array>, decoder: FrameDecoder) {
    this.#reader = readable.getReader();
    this.#decoder = decoder;
  }

  /**
   * Reads to the end of the stream.
   *
   * @param pause Asked before each frame is decoded: a promise of when to go on, or undefined to go on now.
   * @throws What the stream fails with, or a {@linkcode FrameError} if the bytes are no frames.
   */
  async run(sink: FrameSink, pause: () => Promise<void> | undefined = goOn): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) break;
        this.#receivedBytes += value.length;
        for (let at = 0; at < value.length;) {
          const wait = pause();
          if (wait !== undefined) await wait;
          if (this.#isStopped) return;
          at = this.#decoder.next(value, at, sink);
        }
      }
      this.#decoder.end();
    } finally {
      this.#reader.releaseLock();
    }
  }

  /** How many bytes have come so far. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Hands the sink no further frame. */
  stop(): void {
    this.#isStopped = true;
  }
}

function goOn(): undefined {}
