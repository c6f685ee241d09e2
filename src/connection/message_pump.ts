import { iterateOver, type MessageSource } from "../rpc/message_source.ts";
import { nextTurn } from "../rpc/next_turn.ts";
import { sendInTurn, type SendLine } from "./send_in_turn.ts";

/**
 * After so many bytes the event loop gets a turn: a source need not wait for anything, not even an async one. What
 * a turn has sent is one write, at best: with less, each message of 64 KiB would have one to itself.
 */
const TURN_BYTES = 262_144;
/** What a message counts on top of its bytes: small ones take time too, and a turn must not have too many. */
const MESSAGE_BYTES = 96;

/** Draws messages from a user's source and sends each when there is room for it: one waits, at most. */
export class MessagePump<T> {
  readonly #iterator: Iterator<T> | AsyncIterator<T>;
  readonly #isAsync: boolean;
  readonly #line: SendLine;
  readonly #send: (message: T) => number;
  /** Nothing more is drawn: the source has ended or thrown, or the pump was stopped. */
  #isOver = false;
  /** The source runs: told to return now, a generator would throw. */
  #isDrawing = false;

  /**
   * @param line Where each message waits for its turn.
   * @param send Sends a message, and says how many bytes it took.
   * @throws {TypeError} If `source` is not iterable.
   */
  constructor(source: MessageSource<T>, line: SendLine, send: (message: T) => number) {
    this.#iterator = iterateOver(source);
    this.#isAsync = Symbol.asyncIterator in source;
    this.#line = line;
    this.#send = send;
  }

  /**
   * Sends all messages.
   *
   * @returns Whether the source came to its end; false if the pump was stopped before.
   * @throws What the source throws, or what `send` throws; then the source has been told to return.
   */
  async run(): Promise<boolean> {
    let turnBytes = 0;
    while (!this.#isOver) {
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
      const { value } = result;
      turnBytes += MESSAGE_BYTES;
      turnBytes += this.#line.hasRoom
        ? this.#trySend(value)
        : await sendInTurn(this.#line, () => this.#trySend(value));
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

  /** A message that was stopped as it waited is not sent. */
  #trySend(message: T): number {
    if (this.#isOver) return 0;
    try {
      return this.#send(message);
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
