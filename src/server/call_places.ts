import type { WriterPipe } from "../connection/writer_pipe.ts";

/** After so many answers it is looked which of them have been taken: with each one it would cost more. */
const ANSWERS_AT_ONCE = 64;

/**
 * The places for calls on one connection. A call has its place from its Request until it has ended, its
 * handler has settled, and the client has taken the last byte of its answer (PROTOCOL.md B5).
 */
export class CallPlaces {
  readonly #limit: number;
  readonly #writer: WriterPipe;
  #taken = 0;
  /** Where the answers end, among all bytes of the connection, whose last byte may still wait. */
  #answerEnds: number[] = [];

  constructor(limit: number, writer: WriterPipe) {
    this.#limit = limit;
    this.#writer = writer;
  }

  /** How many calls are over but for the last byte of their answer. */
  get unwritten(): number {
    this.#freeWritten();
    return this.#answerEnds.length;
  }

  /**
   * Takes a place.
   *
   * @returns False if all are taken.
   */
  take(): boolean {
    if (this.#taken >= this.#limit) this.#freeWritten();
    if (this.#taken >= this.#limit) return false;
    this.#taken++;
    return true;
  }

  /**
   * Leaves a place. One without an answer is free at once, any other when all that was sent so far has been
   * taken.
   */
  leave(hasAnswer: boolean): void {
    if (!hasAnswer) {
      this.#taken--;
      return;
    }
    const end = this.#writer.committedBytes;
    // A list that is made with its first element has room for no more, which is all that an idle connection needs.
    if (this.#answerEnds.length === 0) this.#answerEnds = [end];
    else this.#answerEnds.push(end);
    if (this.#answerEnds.length >= ANSWERS_AT_ONCE) this.#freeWritten();
  }

  #freeWritten(): void {
    // What a lost connection has not taken, it never will.
    const takenBytes = this.#writer.isOpen ? this.#writer.handedBytes : Infinity;
    const next = this.#answerEnds.findIndex((end) => end > takenBytes);
    const written = next === -1 ? this.#answerEnds.length : next;
    this.#answerEnds.splice(0, written);
    this.#taken -= written;
  }
}
