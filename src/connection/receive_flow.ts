import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { type PauseLimits, ReceivePause } from "./receive_pause.ts";

/** What a message that waits counts on top of its length: about what it costs to keep one. */
const MESSAGE_OVERHEAD_BYTES = 128;

/** Of so many messages, only so much of the limit may still wait when reading goes on after a pause. */
const MANY_MESSAGES = 64;
const KEPT_SHARE = 15 / 16;

/** How much may wait, and for how long reading may pause for it. */
export interface ReceiveFlowOptions extends PauseLimits {
  /** Bytes that may wait for the reader of one stream. */
  streamBufferBytes: number;
  /** Bytes that may wait for all readers of the connection. */
  connectionBufferBytes: number;
}

/** The messages of one stream that wait for their reader, as bytes. */
export interface ReceiveBuffer {
  /** A message begins to wait. */
  add(bytes: number): void;
  /** A message has been taken. */
  remove(bytes: number): void;
  /** The messages that wait were forgotten. */
  clear(): void;
  /** No further message comes; those that wait still count. */
  end(): void;
}

/**
 * Bounds what a connection holds for readers that are slower than the peer (PROTOCOL.md B3, B4): while too
 * much waits, nothing is read, so that the peer feels it. A stream that holds up others for too long fails.
 */
export class ReceiveFlow {
  readonly #options: ReceiveFlowOptions;
  readonly #openCalls: () => number;
  /** Those of streams with messages that wait; an idle connection has no set of them. */
  #buffers: Set<StreamBuffer> | undefined;
  /** Those that alone are a reason to pause. */
  #full: Set<StreamBuffer> | undefined;
  #bytes = 0;
  /** Messages that wait now. */
  messages = 0;
  #pause: ReceivePause | undefined;
  #isStopped = false;

  /** @param openCalls How many calls are open on the connection, those of slow readers included. */
  constructor(options: ReceiveFlowOptions, openCalls: () => number) {
    this.#options = options;
    this.#openCalls = openCalls;
  }

  /** Bytes that wait now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether nothing is read for now. */
  get isPaused(): boolean {
    return this.#pause !== undefined;
  }

  /**
   * Takes a stream's messages in.
   *
   * @param fail Ends the stream with an error, and forgets its messages.
   */
  open(fail: (error: TtrpcError) => void): ReceiveBuffer {
    return new StreamBuffer(this, fail);
  }

  /** Undefined while more may be read, else a promise of when to go on. */
  pause(): Promise<void> | undefined {
    if (this.#isStopped || !this.#isOver) return undefined;
    this.#pause ??= new ReceivePause(this.#options, () => this.#failSlow());
    this.#limitPause();
    return this.#pause.over;
  }

  /** A call was opened, or has ended: others may wait behind a pause now, or no longer. */
  callsChanged(): void {
    this.#limitPause();
  }

  /** Ends a pause, and the last one: the connection has ended. */
  stop(): void {
    this.#isStopped = true;
    this.#resume();
  }

  /** What a stream holds has changed by so much. */
  changed(buffer: StreamBuffer, bytes: number, messages: number): void {
    this.#bytes += bytes;
    this.messages += messages;
    if (buffer.messages === 0) this.#buffers?.delete(buffer);
    else if (buffer.messages === messages) (this.#buffers ??= new Set()).add(buffer);
    const isFull = buffer.isOpen && exceeds(buffer, this.#options.streamBufferBytes, buffer.isFull);
    const hasChanged = isFull !== buffer.isFull;
    if (hasChanged) {
      buffer.isFull = isFull;
      if (isFull) (this.#full ??= new Set()).add(buffer);
      else this.#full?.delete(buffer);
    }
    if (!this.#isOver) this.#resume();
    else if (hasChanged) this.#limitPause();
  }

  get #isOver(): boolean {
    return (this.#full?.size ?? 0) > 0 || exceeds(this, this.#options.connectionBufferBytes, this.isPaused);
  }

  #limitPause(): void {
    if (this.#pause === undefined) return;
    const slowCalls = this.#slow().filter((buffer) => buffer.isOpen).length;
    this.#pause.holdTo(this.#openCalls() > slowCalls ? "stallTimeoutMs" : "maxPauseMs");
  }

  /** Each stream that fails loses its messages, and reading goes on once that was enough. */
  #failSlow(): void {
    const message = "The reader of this stream is too slow, and holds up the connection";
    while (this.#pause !== undefined) {
      for (const buffer of this.#slow()) buffer.fail(new TtrpcError(message, Code.ResourceExhausted));
    }
  }

  /** The streams that reading waits for: those over their own limit, else the one that holds most. */
  #slow(): StreamBuffer[] {
    if (this.#full !== undefined && this.#full.size > 0) return [...this.#full];
    let most: StreamBuffer | undefined;
    for (const buffer of this.#buffers ?? []) if (buffer.bytes > (most?.bytes ?? 0)) most = buffer;
    return most === undefined ? [] : [most];
  }

  #resume(): void {
    this.#pause?.end();
    this.#pause = undefined;
  }
}

/** Whether more waits than may. A single message always fits, however long it is. */
function exceeds(held: { bytes: number; messages: number }, limitBytes: number, isPaused: boolean): boolean {
  if (held.messages <= 1) return false;
  // Where each of many small messages made room for one, each would be a pause, which takes longer than it.
  const isWorthMore = isPaused && held.messages >= MANY_MESSAGES;
  return held.bytes > (isWorthMore ? limitBytes * KEPT_SHARE : limitBytes);
}

class StreamBuffer implements ReceiveBuffer {
  readonly #flow: ReceiveFlow;
  readonly #fail: (error: TtrpcError) => void;
  bytes = 0;
  messages = 0;
  isOpen = true;
  /** Whether it alone is a reason to pause. */
  isFull = false;

  constructor(flow: ReceiveFlow, fail: (error: TtrpcError) => void) {
    this.#flow = flow;
    this.#fail = fail;
  }

  fail(error: TtrpcError): void {
    this.#fail(error);
    this.clear();
  }

  add(bytes: number): void {
    this.#change(bytes + MESSAGE_OVERHEAD_BYTES, 1);
  }

  remove(bytes: number): void {
    this.#change(-bytes - MESSAGE_OVERHEAD_BYTES, -1);
  }

  clear(): void {
    this.#change(-this.bytes, -this.messages);
  }

  end(): void {
    this.isOpen = false;
    this.#change(0, 0);
  }

  #change(bytes: number, messages: number): void {
    this.bytes += bytes;
    this.messages += messages;
    this.#flow.changed(this, bytes, messages);
  }
}
