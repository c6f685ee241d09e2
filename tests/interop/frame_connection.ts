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

  /** Sends a frame. */
  async send(frame: Frame): Promise<void> {
    await this.#writer.write(encodeFrame(frame));
  }

  /** Ends this half; the server can still answer. */
  async closeWrite(): Promise<void> {
    await this.#writer.close();
  }

  /** The next frame from the server; undefined once it has ended the connection. */
  async next(): Promise<Frame | undefined> {
    return (await this.#frames.read()).value;
  }

  /** Closes the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#duplex.close();
    await this.#frames.cancel();
  }
}
