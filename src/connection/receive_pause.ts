import { Deadline } from "../rpc/deadline.ts";

/** For how long a pause of reading may last, in milliseconds. */
export interface PauseLimits {
  /** While other calls are open that it holds up. */
  stallTimeoutMs: number;
  /** While no other call is known to be open. */
  maxPauseMs: number;
}

/**
 * One pause of reading, and the time that is left for it: the two limits count apart, each while it is the one
 * that holds, so that calls which come and go can't prolong the pause.
 */
export class ReceivePause {
  readonly #onPassed: () => void;
  readonly #leftMs: PauseLimits;
  readonly #over = Promise.withResolvers<void>();
  #limit: keyof PauseLimits | undefined;
  #deadline: Deadline | undefined;
  #forget: (() => void) | undefined;

  /**
   * Begins a pause without a limit.
   *
   * @param onPassed Told when a limit has passed.
   */
  constructor({ stallTimeoutMs, maxPauseMs }: PauseLimits, onPassed: () => void) {
    this.#leftMs = { stallTimeoutMs, maxPauseMs };
    this.#onPassed = onPassed;
  }

  /** Resolves when the pause is over. */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Holds the pause to one of its limits from now on. */
  holdTo(limit: keyof PauseLimits): void {
    if (this.#limit === limit) return;
    if (this.#limit !== undefined && this.#deadline !== undefined) {
      this.#leftMs[this.#limit] = this.#deadline.remainingMs;
    }
    this.#forget?.();
    this.#limit = limit;
    this.#deadline = Deadline.afterMs(this.#leftMs[limit]);
    this.#forget = this.#deadline?.onPassed(this.#onPassed);
  }

  /** Ends the pause. */
  end(): void {
    this.#forget?.();
    this.#over.resolve();
  }
}
