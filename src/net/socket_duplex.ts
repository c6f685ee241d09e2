import { buffers } from "../connection/buffer_pool.ts";
import type { Duplex } from "../connection/duplex.ts";
import { markOwnSink } from "../connection/own_sinks.ts";
import { nextTurn } from "../rpc/next_turn.ts";
import type { RemoteInfo } from "../rpc/remote_info.ts";

/** What an idle connection reads into, and what a busy one does. */
const IDLE_READ_BYTES = 4096;
const BUSY_READ_BYTES = 131_072;

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
    // A chunk is asked for only when a reader waits: what makes lending one buffer safe.
    this.readable = new ReadableStream({
      pull: chunks === "lent" ? this.#pullLent() : this.#pullFresh(),
      cancel: () => this.close(),
    }, { highWaterMark: 0 });
    this.writable = new WritableStream({
      write: (chunk) => this.#write(chunk),
      close: () => this.#closeWrite(),
      abort: () => this.close(),
    });
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

  #pullLent(): (controller: ReadableStreamDefaultController<Uint8Array>) => Promise<void> {
    const idleBuffer = new Uint8Array(IDLE_READ_BYTES);
    let buffer = idleBuffer;
    let bytes = 0;
    return async (controller) => {
      // Whoever asks for a chunk is done with the last one: its buffer may go.
      if (buffer === idleBuffer) {
        if (bytes === IDLE_READ_BYTES) buffer = buffers.take(BUSY_READ_BYTES);
      } else if (bytes < IDLE_READ_BYTES) {
        buffers.giveBack(buffer);
        buffer = idleBuffer;
      }
      bytes = await this.#read(buffer);
      if (bytes > 0) return controller.enqueue(buffer.subarray(0, bytes));
      if (buffer !== idleBuffer) buffers.giveBack(buffer);
      controller.close();
    };
  }

  #pullFresh(): (controller: ReadableStreamDefaultController<Uint8Array>) => Promise<void> {
    const buffer = new Uint8Array(BUSY_READ_BYTES);
    return async (controller) => {
      const bytes = await this.#read(buffer);
      if (bytes === 0) controller.close();
      else controller.enqueue(buffer.slice(0, bytes));
    };
  }

  /** @returns How many bytes were read: 0 at the end, and after this side has closed the socket. */
  async #read(buffer: Uint8Array): Promise<number> {
    try {
      const bytes = await this.#conn.read(buffer) ?? 0;
      if (bytes === 0) await this.#writeResult();
      return bytes;
    } catch (error) {
      await this.#writeResult();
      if (this.#isClosed) return 0;
      throw error;
    }
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
    for (let at = 0; at < chunk.length;) {
      const bytes = await this.#conn.write(chunk.subarray(at));
      at += bytes;
      this.#writtenBytes += bytes;
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
