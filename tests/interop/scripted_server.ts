import { encodeFrame, type Frame, FrameDecoderStream } from "../../src/frame/mod.ts";
import { temporarySocket } from "./temporary_socket.ts";

/** A server that answers the first Request of its only connection with frames of a test's choice. */
export class ScriptedServer implements AsyncDisposable {
  readonly #listener: Deno.UnixListener;
  readonly #socket: AsyncDisposable;
  readonly #done: Promise<void>;
  /** Where it listens. */
  readonly address: string;

  private constructor(
    listener: Deno.UnixListener,
    socket: { path: string } & AsyncDisposable,
    frames: Frame[],
  ) {
    this.#listener = listener;
    this.#socket = socket;
    this.address = socket.path;
    this.#done = serveOnce(listener, frames);
  }

  /** Starts to listen. */
  static async start(...frames: Frame[]): Promise<ScriptedServer> {
    const socket = await temporarySocket();
    return new ScriptedServer(Deno.listen({ transport: "unix", path: socket.path }), socket, frames);
  }

  /** Ends once the client has left. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#done;
    this.#listener.close();
    await this.#socket[Symbol.asyncDispose]();
  }
}

async function serveOnce(listener: Deno.UnixListener, frames: Frame[]): Promise<void> {
  const connection = await listener.accept();
  const writer = connection.writable.getWriter();
  const requests = connection.readable.pipeThrough(new FrameDecoderStream()).getReader();
  if ((await requests.read()).done) return;
  for (const frame of frames) await writer.write(encodeFrame(frame));
  while (!(await requests.read()).done);
}
