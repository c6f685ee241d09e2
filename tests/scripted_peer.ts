import { concat } from "@std/bytes";
import type { Duplex } from "../src/connection/duplex.ts";
import { encodeFrame, type Frame, FrameDecoderStream } from "../src/frame/mod.ts";
import { memoryDuplex } from "../src/net/memory_duplex.ts";

/** The other side of a connection, which says and hears single frames: a test reads like a dialogue. */
export class ScriptedPeer implements Disposable {
  /** The side under test. */
  readonly duplex: Duplex;
  readonly #ours: Duplex;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #frames: ReadableStreamDefaultReader<Frame>;

  /**
   * Takes a connection's two ends, or makes one in memory; everything that comes is kept until a test asks
   * for it.
   */
  constructor([theirs, ours]: readonly [theirs: Duplex, ours: Duplex] = memoryPair()) {
    this.duplex = theirs;
    this.#ours = ours;
    this.#writer = this.#ours.writable.getWriter();
    const unbounded = new TransformStream<Frame, Frame>({}, {}, { highWaterMark: Infinity });
    this.#frames = this.#ours.readable.pipeThrough(new FrameDecoderStream()).pipeThrough(unbounded)
      .getReader();
    for (const closed of [this.#writer.closed, this.#frames.closed]) {
      closed.catch(() => {
        // A test that cares asks `ended`.
      });
    }
  }

  /** Sends frames in one chunk: the other side takes them all in the same turn. */
  send(...frames: Frame[]): void {
    this.sendBytes(concat(frames.map(encodeFrame)));
  }

  /** Sends bytes that need not be frames. */
  sendBytes(bytes: Uint8Array): void {
    this.#writer.write(bytes).catch(() => {
      // The other side has closed the connection, which tests see by `ended`.
    });
  }

  /** The next frame that the other side sends. */
  async next(): Promise<Frame> {
    const { done, value } = await this.#frames.read();
    if (done) throw new Error("The other side has ended the connection, and sends no further frame");
    return value;
  }

  /** The next `count` frames. */
  async take(count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) frames.push(await this.next());
    return frames;
  }

  /** All further frames, once the other side has ended its half; rejects if it broke off. */
  async rest(): Promise<Frame[]> {
    const frames: Frame[] = [];
    for (let step = await this.#frames.read(); !step.done; step = await this.#frames.read()) {
      frames.push(step.value);
    }
    return frames;
  }

  /**
   * Resolves when the other side has ended its half, and every frame was asked for; rejects if it broke off.
   */
  get ended(): Promise<void> {
    return this.#frames.closed;
  }

  /** Ends this half; frames of the other side still come. */
  async closeWrite(): Promise<void> {
    await this.#writer.close();
  }

  /** Breaks the connection off, as a reset does. */
  async breakOff(cause: unknown): Promise<void> {
    await this.#writer.abort(cause);
    this.close();
  }

  /** Closes both halves at once. */
  close(): void {
    this.#ours.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** The ends of a connection in memory; the first one reads chunks that are lent. */
function memoryPair(): [theirs: Duplex, ours: Duplex] {
  const [theirs, ours] = memoryDuplex();
  return [{ ...theirs, readable: lend(theirs.readable) }, ours];
}

/** Overwrites each chunk when the next one is asked for, as a `Duplex` may. */
function lend(readable: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = readable.getReader();
  let lent = new Uint8Array(0);
  return new ReadableStream({
    async pull(controller) {
      lent.fill(0xaa);
      const { done, value } = await reader.read();
      if (done) return controller.close();
      lent = value.slice();
      controller.enqueue(lent);
    },
  }, { highWaterMark: 0 });
}
