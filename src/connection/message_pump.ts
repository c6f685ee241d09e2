import { iterateOver, type MessageSource } from "../rpc/message_source.ts";
import { nextTurn } from "../rpc/next_turn.ts";

/**
 * After so many bytes the event loop gets a turn: a source need not wait for anything, not even an async one.
 */
const TURN_BYTES = 65536;

/** Where a pump's messages go. */
export interface PumpTarget<T> {
  /**
   * Takes a message.
   *
   * @returns How many bytes it took.
   */
  send(message: T): number;
  /** Undefined while there is room for another message, else a promise of when it is this stream's turn. */
  room(): Promise<void> | undefined;
}

/** Draws messages from a user's source and sends each when there is room for it. */
export class MessagePump<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  readonly #isAsync: boolean;
  readonly #target: PumpTarget<T>;
  /** Nothing more is drawn: the source has ended or thrown, or the pump was stopped. */
  #isOver = false;
  /** The source runs: told to return now, a generator would throw. */
  #isDrawing = false;

  /** @throws {TypeError} If `source` is not iterable. */
  constructor(source: MessageSource<T>, target: PumpTarget<T>) {
    this.#iterator = iterateOver(source);
    this.#isAsync = Symbol.asyncIterator in source;
    this.#target = target;
  }

  /**
   * Sends all messages.
   *
   * @returns Whether the source came to its end; false if the pump was stopped before.
   * @throws What the source throws, or what the target throws; then the source has been told to return.
   */
  async run(): Promise<boolean> {
    let turnBytes = 0;
    while (!this.#isOver) {
      const full = this.#target.room();
      if (full !== undefined) await full;
      if (this.#isOver) break;
      let result: IteratorResult<T>;
      try {
        const step = this.#draw();
        // An await for each message of a synchronous source would cost more than the message.
        result = step instanceof Promise || this.#isAsync ? await step : step;
      } catch (error) {
        this.#isOver = true;
        throw error;
      }
      if (this.#isOver) break;
      if (result.done) {
        this.#isOver = true;
        return true;
      }
      turnBytes += this.#send(result.value);
      if (turnBytes < TURN_BYTES) continue;
      turnBytes = 0;
      await nextTurn();
    }
    return false;
  }

  /** Sends nothing more, and tells a source that has not ended to return. It is not waited for. */
  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#isDrawing) this.#return();
  }

  #draw(): IteratorResult<T> | Promise<IteratorResult<T>> {
    this.#isDrawing = true;
    try {
      return this.#iterator.next();
    } finally {
      this.#isDrawing = false;
      if (this.#isOver) this.#return();
    }
  }

  #send(message: T): number {
    try {
      return this.#target.send(message);
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  async #return(): Promise<void> {
    try {
      await this.#iterator.return?.();
    } catch {
      // The call has its outcome already: what the source throws now is about nothing any more.
    }
  }
}
