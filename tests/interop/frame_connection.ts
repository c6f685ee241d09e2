import { concat } from "@std/bytes";
import { connect, type Duplex } from "../../mod.ts";
import { encodeFrame, type Frame, FrameDecoderStream } from "../../src/frame/mod.ts";

/** A connection to a server on which a test writes and reads the frames itself. */
export class FrameConnection implements AsyncDisposable {
  readonly #duplex: Duplex;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #frames: ReadableStreamDefaultReader<Frame>;

  private constructor(duplex: Duplex) {
    this.#duplex = duplex;
    this.#writer = duplex.writable.getWriter();
    this.#frames = duplex.readable.pipeThrough(new FrameDecoderStream()).getReader();
  }

  /** Connects to a server. */
  static async open(address: string): Promise<FrameConnection> {
    return new FrameConnection(await connect(address));
  }

  /** Sends frames in one chunk. */
  async send(...frames: Frame[]): Promise<void> {
    await this.sendBytes(concat(frames.map(encodeFrame)));
  }

  /** Sends bytes that need not be frames. */
  async sendBytes(bytes: Uint8Array): Promise<void> {
    await this.#writer.write(bytes);
  }

  /** Ends this half; the server can still answer. */
  async closeWrite(): Promise<void> {
    await this.#writer.close();
  }

  /** The next frame from the server; undefined once it has ended the connection. */
  async next(): Promise<Frame | undefined> {
    return (await this.#frames.read()).value;
  }

  /** The next frames from the server. */
  async take(count: number): Promise<Frame[]> {
    const frames: Frame[] = [];
    while (frames.length < count) {
      const frame = await this.next();
      if (frame === undefined) throw new Error("The server has ended the connection");
      frames.push(frame);
    }
    return frames;
  }

  /** Closes the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#duplex.close();
    await this.#frames.cancel();
  }
}
