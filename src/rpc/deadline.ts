import { clock } from "./clock.ts";
import { requireTimeout } from "./require_duration.ts";

const NANOS_PER_MS = 1e6;
const MAX_NANOS = 2n ** 63n - 1n;

/** The moment at which a call has to be over, on a clock that never goes back (PROTOCOL.md D1 to D4). */
export class Deadline {
  readonly #at: number;

  private constructor(at: number) {
    this.#at = at;
  }

  /**
   * The deadline of a call that may take `timeoutMs`.
   *
   * @param timeoutMs Milliseconds from now; undefined and Infinity give no deadline, 0 and less one that has
   * passed.
   * @throws {RangeError} If `timeoutMs` is NaN.
   */
  static afterMs(timeoutMs: number | undefined): Deadline | undefined {
    if (timeoutMs === undefined || timeoutMs === Infinity) return undefined;
    requireTimeout("timeoutMs", timeoutMs);
    return new Deadline(clock.now() + Math.max(0, timeoutMs));
  }

  /**
   * The deadline that a Request's `timeout_nano` gives: none for 0, one that has passed for a negative
   * number.
   */
  static afterNanos(timeoutNanos: bigint): Deadline | undefined {
    return timeoutNanos === 0n ? undefined : Deadline.afterMs(Number(timeoutNanos) / NANOS_PER_MS);
  }

  /** Whether the moment is over. */
  get hasPassed(): boolean {
    return clock.now() >= this.#at;
  }

  /** Milliseconds that are left, 0 once it has passed. */
  get remainingMs(): number {
    return Math.max(0, this.#at - clock.now());
  }

  /** Nanoseconds that are left as a Request carries them: 0 only once it has passed, 2^63-1 at most. */
  get remainingNanos(): bigint {
    const nanos = this.remainingMs * NANOS_PER_MS;
    return nanos < Number(MAX_NANOS) ? BigInt(Math.ceil(nanos)) : MAX_NANOS;
  }

  /**
   * Calls back once at the deadline.
   *
   * @returns A function that forgets the callback.
   */
  onPassed(callback: () => void): () => void {
    return clock.callAt(this.#at, callback);
  }
}
