import type { Duplex } from "../connection/duplex.ts";
import { markOwnSink } from "../connection/own_sinks.ts";
import { NO_BYTES } from "../wire/frame.ts";
import { nextTurn } from "../rpc/next_turn.ts";
import type { RemoteInfo } from "../rpc/remote_info.ts";
import { FreshChunks, LentChunks, type ReadChunks } from "./read_chunks.ts";

/**
 * A socket as two Web Streams over `read`, `write` and `closeWrite`.
 *
 * `conn.readable` and `conn.writable` would close the whole socket at the end of one half.
 */
export class SocketDuplex implements Duplex {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  readonly remote: RemoteInfo;
  readonly #conn: Deno.Conn;
  readonly #chunks: ReadChunks;
  #isClosed = false;
  #isWriting = false;
  #writtenBytes = 0;

  /**
   * Takes the socket over.
   *
   * @param chunks `"fresh"` chunks belong to whoever reads them; a `"lent"` one is valid until the next is
   * asked for.
   */
  constructor(conn: Deno.Conn | Deno.TcpConn, remote: RemoteInfo, chunks: "fresh" | "lent") {
    this.#conn = conn;
    if ("setNoDelay" in conn) sendAtOnce(conn);
    this.remote = remote;
    this.#chunks = chunks === "lent" ? new LentChunks() : new FreshChunks();
    // A chunk is asked for only when a reader waits: what makes lending one buffer safe.
    this.readable = new ReadableStream({
      pull: (controller) => this.#pull(controller),
      cancel: () => this.close(),
    }, { highWaterMark: 0 });
    this.writable = new WritableStream({
      write: (chunk) => this.#write(chunk),
      close: () => this.#closeWrite(),
      abort: () => this.close(),
      // With room for one chunk each write would turn back-pressure on and off, which costs as much again.
    }, { highWaterMark: 2 });
    markOwnSink(this.writable);
  }

  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#conn.close();
  }

  ref(): void {
    if (!this.#isClosed) this.#conn.ref();
  }

  unref(): void {
    if (!this.#isClosed) this.#conn.unref();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const buffer = this.#chunks.nextBuffer();
    let bytes = 0;
    try {
      bytes = await this.#conn.read(buffer) ?? 0;
    } catch (error) {
      await this.#writeResult();
      // After this side has closed the socket, that is the end and no error.
      if (!this.#isClosed) throw error;
    }
    if (bytes > 0) return controller.enqueue(this.#chunks.chunk(bytes));
    await this.#writeResult();
    this.#chunks.end();
    controller.close();
  }

  /**
   * The end may be told before the result of a write that came before it; whoever then asks must know what was
   * taken (PROTOCOL.md Z1).
   */
  async #writeResult(): Promise<void> {
    if (this.#isWriting) await nextTurn();
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#isWriting = true;
    for (let rest = chunk; rest.length > 0;) {
      const bytes = await this.#conn.write(rest);
      this.#writtenBytes += bytes;
      rest = bytes < rest.length ? rest.subarray(bytes) : NO_BYTES;
    }
    this.#isWriting = false;
  }

  async #closeWrite(): Promise<void> {
    try {
      await this.#conn.closeWrite();
    } catch (error) {
      // A peer that has closed the socket already has nothing left to be told.
      if (!(error instanceof Deno.errors.NotConnected) && !this.#isClosed) throw error;
    }
  }
}

/** What is written is a burst of frames already: the system need not wait for more. */
function sendAtOnce(conn: Deno.TcpConn): void {
  try {
    conn.setNoDelay(true);
  } catch {
    // Some systems refuse it for a peer that is gone, as the next read tells.
  }
}
