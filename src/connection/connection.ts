import { Code } from "../rpc/code.ts";
import { Deadline } from "../rpc/deadline.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { FrameDecoder, type FrameSink } from "../wire/frame_decoder.ts";
import { closeDuplex } from "./close_duplex.ts";
import type { ConnectionOptions } from "./connection_options.ts";
import type { ConnectionStats } from "./connection_stats.ts";
import type { Duplex } from "./duplex.ts";
import { ReaderPipe } from "./reader_pipe.ts";
import { ReceiveFlow } from "./receive_flow.ts";
import { WriterPipe } from "./writer_pipe.ts";

/** How long a peer may take, at the end of a connection, for what is still to be written or read. */
export const LINGER_MS = 1000;

/** What happens on a connection. None of its methods may throw. */
export interface ConnectionHandler extends FrameSink {
  /** How many calls are open. */
  readonly openCalls: number;
  /**
   * The peer sends no more frames; told once.
   *
   * @param error Why the connection is of no use any more; undefined if the peer ended its half cleanly, or
   * this side has closed the connection.
   */
  readEnded(error?: TtrpcError): void;
  /** A write has failed: no frame goes out any more, though some may still come. */
  writeFailed(error: TtrpcError): void;
}

/** One duplex that carries frames: a reader pipe, a writer pipe, and one end for both. */
export class Connection {
  readonly #duplex: Duplex;
  readonly #handler: ConnectionHandler;
  readonly #reader: ReaderPipe;
  readonly #closed = Promise.withResolvers<void>();
  #state: "open" | "closing" | "closed" = "open";
  #hasReadEnded = false;
  /** Why a connection that is read to its end fails then. */
  #lastError: TtrpcError | undefined;

  /** Where frames are sent. */
  readonly writer: WriterPipe;
  /** Where messages count that wait for their readers. */
  readonly flow: ReceiveFlow;

  /** Takes the duplex over; {@linkcode Connection.start} begins to read. */
  constructor(duplex: Duplex, options: Required<ConnectionOptions>, handler: ConnectionHandler) {
    this.#duplex = duplex;
    this.#handler = handler;
    this.#reader = new ReaderPipe(duplex.readable, new FrameDecoder({ maxBodyBytes: options.readMaxBytes }));
    this.flow = new ReceiveFlow(options, () => handler.openCalls);
    this.writer = new WriterPipe(duplex, options, (cause) => this.#handler.writeFailed(lost(cause)));
  }

  /** Resolves once the duplex has been closed; never rejects. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Whether frames can be sent. */
  get isOpen(): boolean {
    return this.#state === "open";
  }

  /** How many bytes have come so far. */
  get receivedBytes(): number {
    return this.#reader.receivedBytes;
  }

  /** Whether the peer can still send frames. */
  get isReadable(): boolean {
    return !this.#hasReadEnded;
  }

  /**
   * Reads frames until the peer ends its half.
   *
   * @param answersFrames Whether frames want answers: then none is read while those before it wait for room.
   */
  async start({ answersFrames }: { answersFrames: boolean }): Promise<void> {
    const { writer, flow } = this;
    const pause = () => {
      if (!answersFrames || writer.hasRoom) return flow.pause();
      return writer.room().then(() => flow.pause());
    };
    try {
      await this.#reader.run(this.#handler, pause);
      if (this.#lastError === undefined) this.#endReading();
      else this.fail(this.#lastError);
    } catch (cause) {
      this.fail(this.#lastError ?? lost(cause));
    }
  }

  /**
   * Writes what was sent before, then closes both halves. One that can't write is closed at once.
   *
   * @param lingerMs How long the peer may take for it; then both halves are closed all the same.
   */
  async close(lingerMs = Infinity): Promise<void> {
    if (this.#lastError !== undefined) this.fail(this.#lastError);
    // The first timer makes Deno load Node's, which takes 10 ms: a process with one call is over by then.
    if (!this.writer.isDone) this.#failAfter(lingerMs, () => lost("The peer takes no more bytes"));
    if (this.#state === "open") {
      this.#state = "closing";
      try {
        await this.writer.close();
      } catch {
        // The peer was faster; both halves are closed either way.
      }
      this.#end();
    }
    return this.closed;
  }

  /**
   * Sends nothing more, and reads what the peer has sent before it went; then the connection fails.
   *
   * @param lingerMs How long that may take.
   */
  readToEnd(error: TtrpcError, lingerMs: number): void {
    if (this.#state !== "open" || this.#hasReadEnded) return this.fail(error);
    this.#state = "closing";
    this.#lastError = error;
    this.#failAfter(lingerMs, () => error);
  }

  /** Closes both halves at once; what was not yet written is lost. */
  fail(error: TtrpcError): void {
    if (this.#state === "closed") return;
    this.writer.abort(error);
    this.#end(error);
  }

  /**
   * What the connection itself counts.
   *
   * @param calls Counters of its calls and frames, to add to.
   */
  addTo(calls: ConnectionStats): ConnectionStats {
    const isClosed = this.#state === "closed";
    return {
      ...calls,
      callsByCode: new Map(calls.callsByCode),
      connections: isClosed ? 0 : 1,
      // An answer that was not taken to its last byte is none any more.
      openCalls: isClosed ? 0 : calls.openCalls,
      queuedBytes: isClosed ? 0 : this.writer.queuedBytes + this.flow.bytes,
      receivedBytes: this.receivedBytes,
      sentBytes: this.writer.handedBytes,
      sentFrames: this.writer.committedFrames,
    };
  }

  /** Keeps the process alive for a call that is open. */
  ref(): void {
    this.#duplex.ref?.();
  }

  /** Lets the process end if nothing else keeps it alive. */
  unref(): void {
    this.writer.rest();
    this.#duplex.unref?.();
  }

  #failAfter(lingerMs: number, makeError: () => TtrpcError): void {
    const forget = Deadline.afterMs(lingerMs)?.onPassed(() => this.fail(makeError()));
    if (forget !== undefined) this.closed.then(forget);
  }

  #end(error?: TtrpcError): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#reader.stop();
    this.flow.stop();
    closeDuplex(this.#duplex);
    this.#endReading(error);
    this.#closed.resolve();
  }

  #endReading(error?: TtrpcError): void {
    if (this.#hasReadEnded) return;
    this.#hasReadEnded = true;
    this.#handler.readEnded(error);
  }
}

function lost(cause: unknown): TtrpcError {
  return new TtrpcError(`Connection lost: ${TtrpcError.from(cause).rawMessage}`, Code.Unavailable, { cause });
}
