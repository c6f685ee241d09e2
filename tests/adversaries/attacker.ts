import { concat } from "@std/bytes";
import { connect, type Duplex } from "../../mod.ts";
import { encodeFrame, type Frame, FrameDecoderStream } from "../../src/frame/mod.ts";

/** So many bytes of a flood are written at once. */
const BURST_BYTES = 1_048_576;

/** The bad side of a connection. Reads only what a test asks for. */
export class Attacker implements Disposable {
  readonly #duplex: Duplex;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #frames: ReadableStreamDefaultReader<Frame> | undefined;

  /** Takes a connection over. */
  constructor(duplex: Duplex) {
    this.#duplex = duplex;
    this.#writer = duplex.writable.getWriter();
    this.#writer.closed.catch(() => {
      // A test that cares sees it by what it sends or reads.
    });
  }

  /** Connects to a server. */
  static async connect(address: string): Promise<Attacker> {
    return new Attacker(await connect(address));
  }

  /** How many bytes the other side has taken. */
  get takenBytes(): number {
    return this.#duplex.writtenBytes ?? 0;
  }

  /** Sends frames; resolves once the socket has taken them. */
  send(...frames: Frame[]): Promise<void> {
    return this.sendBytes(concat(frames.map(encodeFrame)));
  }

  /** Sends bytes that need not be frames; resolves once the socket has taken them. */
  sendBytes(bytes: Uint8Array): Promise<void> {
    return this.#writer.write(bytes);
  }

  /** Sends frames `times` times, in large pieces. */
  async flood(times: number, ...frames: Frame[]): Promise<void> {
    const once = concat(frames.map(encodeFrame));
    const most = Math.max(1, Math.floor(BURST_BYTES / once.length));
    const burst = concat(new Array<Uint8Array>(Math.min(most, times)).fill(once));
    for (let left = times; left > 0; left -= most) {
      await this.sendBytes(burst.subarray(0, Math.min(most, left) * once.length));
    }
  }

  /** Sends as much of a flood as the other side takes; that it stops taking is none of the test's errors. */
  floodUnread(times: number, ...frames: Frame[]): void {
    this.flood(times, ...frames).catch(() => {
      // The test has closed the connection.
    });
  }

  /** The next frame that the other side sends; undefined once it has ended its half. */
  async next(): Promise<Frame | undefined> {
    this.#frames ??= this.#duplex.readable.pipeThrough(new FrameDecoderStream()).getReader();
    return (await this.#frames.read()).value;
  }

  /** Reads up to the first frame of a type. */
  async heard(type: number): Promise<Frame> {
    for (;;) {
      const frame = await this.next();
      if (frame === undefined) throw new Error(`The other side ends without a frame of type ${type}`);
      if (frame.type === type) return frame;
    }
  }

  /** Reads up to the first frame on an id. */
  async answerOn(streamId: number): Promise<Frame> {
    for (;;) {
      const frame = await this.next();
      if (frame === undefined) throw new Error(`The other side ends without a frame on ${streamId}`);
      if (frame.streamId === streamId) return frame;
    }
  }

  /** Reads whatever the other side sends, and forgets it. */
  async readAll(): Promise<void> {
    try {
      while (await this.next() !== undefined);
    } catch {
      // The test has closed the connection.
    }
  }

  [Symbol.dispose](): void {
    this.#duplex.close();
  }
}
