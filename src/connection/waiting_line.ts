import { Deadline } from "../rpc/deadline.ts";

/**
 * Senders that wait for room in the outgoing queue: first come, first served. While somebody waits the peer
 * has to take bytes; one that takes none for too long has stalled.
 */
export class WaitingLine {
  readonly #stallMs: number;
  readonly #takenBytes: () => number;
  readonly #onStall: () => void;
  readonly #waiting = new Set<() => void>();
  /** Whether the peer has to take bytes though nobody waits in the line. */
  #isHeld = false;
  #forgetStall: (() => void) | undefined;

  /**
   * Makes a line in which nobody waits.
   *
   * @param stallMs Milliseconds for which the peer may take no byte.
   * @param takenBytes How many bytes it has taken so far.
   * @param onStall Told when it has stalled.
   */
  constructor(stallMs: number, takenBytes: () => number, onStall: () => void) {
    this.#stallMs = stallMs;
    this.#takenBytes = takenBytes;
    this.#onStall = onStall;
  }

  /** Whether nobody waits. */
  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Calls back, once, when it is the sender's turn. */
  join(send: () => void): void {
    this.#waiting.add(send);
    this.#watch();
  }

  /** Forgets a sender that waits no longer. */
  leave(send: () => void): void {
    this.#waiting.delete(send);
    this.#stopIfIdle();
  }

  /** From now on the peer has to take bytes, until the line is dissolved. */
  hold(): void {
    this.#isHeld = true;
    this.#watch();
  }

  /**
   * Lets senders have their turn, one after the other, as long as there is room. The timer goes on, even if nobody
   * waits: one who sends much waits again and again, and a new timer for each time would cost as much as a write.
   */
  advance(hasRoom: () => boolean): void {
    for (const send of this.#waiting) {
      if (!hasRoom()) return;
      this.#waiting.delete(send);
      send();
    }
  }

  /** Stops the timer if nobody waits, as whoever lets the line advance has nothing more to write. */
  rest(): void {
    this.#stopIfIdle();
  }

  /** Lets all senders go on: there is no room to wait for any more. */
  dissolve(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#isHeld = false;
    this.#stopIfIdle();
    for (const send of waiting) send();
  }

  get #isIdle(): boolean {
    return !this.#isHeld && this.isEmpty;
  }

  #watch(): void {
    if (this.#forgetStall !== undefined) return;
    const before = this.#takenBytes();
    this.#forgetStall = Deadline.afterMs(this.#stallMs)?.onPassed(() => {
      this.#forgetStall = undefined;
      if (this.#isIdle) return;
      if (this.#takenBytes() === before) this.#onStall();
      else this.#watch();
    });
  }

  #stopIfIdle(): void {
    if (!this.#isIdle) return;
    this.#forgetStall?.();
    this.#forgetStall = undefined;
  }
}
