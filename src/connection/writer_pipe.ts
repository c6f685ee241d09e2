import type { Duplex } from "./duplex.ts";
import { overLimit } from "./message_limit.ts";
import { OutputBuffer } from "./output_buffer.ts";
import { isOwnSink } from "./own_sinks.ts";
import { WaitingLine } from "./waiting_line.ts";

/** Options for {@linkcode WriterPipe}. */
export interface WriterPipeOptions {
  /** Largest body that may be sent, in bytes. */
  writeMaxBytes: number;
  /** How many bytes may wait before {@linkcode WriterPipe.room} makes senders wait. */
  sendBufferBytes: number;
  /** Milliseconds for which the sink may take no byte while senders wait, or the pipe is being closed. */
  writeStallTimeoutMs: number;
}

/**
 * Carries frames to a `WritableStream`: all that is committed in one turn leaves in one write.
 *
 * `begin`, encode into `bytes`, `commit`: these three happen in one synchronous step.
 */
export class WriterPipe {
  readonly #sink: Pick<Duplex, "writable" | "writtenBytes">;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** What the sink had taken before it was handed over, such as a preamble. */
  readonly #writtenBefore: number;
  readonly #isOwnSink: boolean;
  readonly #options: WriterPipeOptions;
  readonly #onError: (cause: unknown) => void;
  readonly #output = new OutputBuffer();
  #state: "idle" | "writing" | "closed" = "idle";
  /** Made when somebody has to wait. */
  #line: WaitingLine | undefined;
  readonly #waitingForWrite: (() => void)[] = [];
  #committedBytes = 0;
  #committedFrames = 0;
  #handedBytes = 0;
  #countsInFlight = false;
  #writtenBytes = 0;

  /**
   * Takes the lock of the sink's `writable`.
   *
   * @param onError Told once if a write fails; frames that follow go nowhere.
   */
  constructor(
    sink: Pick<Duplex, "writable" | "writtenBytes">,
    options: WriterPipeOptions,
    onError: (cause: unknown) => void,
  ) {
    this.#sink = sink;
    this.#writtenBefore = sink.writtenBytes ?? 0;
    this.#isOwnSink = isOwnSink(sink.writable);
    this.#writer = sink.writable.getWriter();
    this.#writer.closed.catch(() => {
      // A failed write says the same, and names the bytes that it was about.
    });
    this.#options = options;
    this.#onError = onError;
  }

  /** Where the body of the frame that was begun is written. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#output.bytes;
  }

  /** How many bytes of frames were committed since the pipe was made. */
  get committedBytes(): number {
    return this.#committedBytes;
  }

  /** How many frames were committed since the pipe was made. */
  get committedFrames(): number {
    return this.#committedFrames;
  }

  /**
   * How many of the committed bytes the peer may have: exact if the sink says so, else all that were handed
   * to it.
   */
  get handedBytes(): number {
    const { writtenBytes } = this.#sink;
    return writtenBytes === undefined || this.#countsInFlight
      ? this.#handedBytes
      : writtenBytes - this.#writtenBefore;
  }

  /** From now on bytes count as handed although the sink has not said yet how many it took. */
  countInFlight(): void {
    this.#countsInFlight = true;
  }

  /**
   * Makes room for a frame, unless its body is over the limit.
   *
   * @returns The index in `bytes` of the body's first byte.
   * @throws {TtrpcError} With code 8 if the body is over the limit.
   */
  begin(bodyBytes: number): number {
    const { writeMaxBytes } = this.#options;
    if (bodyBytes > writeMaxBytes) throw overLimit(bodyBytes, writeMaxBytes, false);
    return this.#output.begin(bodyBytes);
  }

  /** From now on a message is written into the frame that was begun: what its getters send goes elsewhere. */
  hold(): void {
    this.#output.hold();
  }

  /** The message has been written, or could not be. */
  release(): void {
    this.#output.release();
  }

  /** Sends the frame whose body was written up to `end`, at the end of this turn. */
  commit(streamId: number, type: number, flags: number, end: number): void {
    if (this.#state === "closed") return;
    this.#committedBytes += this.#output.commit(streamId, type, flags, end);
    this.#committedFrames++;
    if (this.#state === "writing") return;
    this.#state = "writing";
    queueMicrotask(this.#write);
  }

  /** Sends a frame whose body is there already. */
  send(streamId: number, type: number, flags: number, body: Uint8Array): void {
    const at = this.begin(body.length);
    this.bytes.set(body, at);
    this.commit(streamId, type, flags, at + body.length);
  }

  /** Resolves when it is the asker's turn: for who does not send, but waits for those before it. */
  room(): Promise<void> {
    return new Promise((resolve) => this.whenRoom(resolve));
  }

  /**
   * Calls back, once, when it is the asker's turn: at once if there is room, else first come, first served. It
   * may send one message, at once: the next one's turn depends on how long that is.
   */
  whenRoom(send: () => void): void {
    if (this.hasRoom) send();
    else this.#makeLine().join(send);
  }

  /** Forgets who asked for a turn by {@linkcode WriterPipe.whenRoom}. */
  leaveLine(send: () => void): void {
    this.#line?.leave(send);
  }

  /** Watches the peer no longer, unless somebody waits. */
  rest(): void {
    this.#line?.rest();
  }

  /** Whether frames can be sent; once it is false, they go nowhere. */
  get isOpen(): boolean {
    return this.#state !== "closed";
  }

  /** Whether nobody has to wait: there is room, and no one else waits for it. */
  get hasRoom(): boolean {
    return this.#state === "closed" || (!this.isFull && (this.#line?.isEmpty ?? true));
  }

  /** Whether so much waits for the sink that senders have to wait too. */
  get isFull(): boolean {
    return this.queuedBytes >= this.#options.sendBufferBytes;
  }

  /** Whether it can be closed at once: one of our own sinks has nothing left to take. */
  get isDone(): boolean {
    return this.#isOwnSink && this.#state !== "writing";
  }

  /** Bytes that were committed and not yet taken by the sink. */
  get queuedBytes(): number {
    return this.#committedBytes - this.#writtenBytes;
  }

  /**
   * Waits until the byte at `offset` of all committed bytes was written.
   *
   * @returns False if the pipe was closed before.
   */
  async written(offset: number): Promise<boolean> {
    while (this.#writtenBytes <= offset) {
      if (this.#state === "closed") return false;
      await this.#nextWrite();
    }
    return true;
  }

  /** Resolves when all that was committed has been written, or the pipe has failed. */
  async drained(): Promise<void> {
    while (this.#state === "writing") await this.#nextWrite();
  }

  /**
   * Sends what was committed, then closes this half of the connection. Meanwhile the sink has to take bytes,
   * as it has to while senders wait.
   */
  async close(): Promise<void> {
    if (!this.isDone) await this.#finish();
    if (this.#state === "closed") return;
    this.#end();
    await this.#writer.close();
  }

  /** Waits for what is committed, in this turn too. */
  async #finish(): Promise<void> {
    do {
      if (this.#state === "writing") this.#makeLine().hold();
      await this.drained();
    } while (this.#state === "writing");
  }

  /** Drops what was not yet written; frames that follow go nowhere. */
  abort(cause?: unknown): void {
    if (this.#state === "closed") return;
    this.#end();
    this.#writer.abort(cause).catch(() => {
      // The stream has failed before: what was to be reached.
    });
  }

  readonly #write = async (): Promise<void> => {
    try {
      for (let chunk = this.#output.take(); chunk !== undefined; chunk = this.#output.take()) {
        if (this.#state === "closed") return;
        this.#handedBytes += chunk.length;
        await this.#writer.write(chunk);
        this.#writtenBytes += chunk.length;
        if (this.#isOwnSink) this.#output.giveBack();
        else this.#output.forget();
        wake(this.#waitingForWrite);
        this.#line?.advance(() => !this.isFull);
      }
    } catch (cause) {
      // After an abort of our own, the write that it cut short is no news.
      if (this.#state === "closed") return;
      this.#end();
      this.#onError(cause);
      return;
    }
    if (this.#state === "closed") return;
    this.#state = "idle";
    this.rest();
  };

  /** Resolves when the write under way is over, or the pipe is closed. */
  #nextWrite(): Promise<void> {
    return new Promise((resolve) => this.#waitingForWrite.push(resolve));
  }

  #makeLine(): WaitingLine {
    this.#line ??= new WaitingLine(
      this.#options.writeStallTimeoutMs,
      () => this.handedBytes,
      () => this.#stalled(),
    );
    return this.#line;
  }

  #stalled(): void {
    const cause = new Error(`The peer took no byte for ${this.#options.writeStallTimeoutMs} ms`);
    this.abort(cause);
    this.#onError(cause);
  }

  #end(): void {
    this.#state = "closed";
    wake(this.#waitingForWrite);
    // In a turn of its own: who goes on then must find the whole connection at its end.
    queueMicrotask(() => this.#line?.dissolve());
  }
}

function wake(waiting: (() => void)[]): void {
  if (waiting.length === 0) return;
  for (const resume of waiting.splice(0)) resume();
}
