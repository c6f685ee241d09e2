import { clock } from "../rpc/clock.ts";
import { requireDuration } from "../rpc/require_duration.ts";

/**
 * How long a transport waits between attempts to connect that fail. Each wait is cut by chance to between half
 * and whole, so that clients which lost their server together do not come back together.
 *
 * @example A server that comes up late
 * ```ts
 * import { type BackoffOptions, createTransport, memoryDuplex, serveConnection } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * const [ours, theirs] = memoryDuplex();
 * let attempts = 0;
 * const connect = () => ++attempts < 3 ? Promise.reject(new Error("Not yet")) : Promise.resolve(ours);
 * const backoff: BackoffOptions = { initialMs: 2, maxMs: 10 };
 * await using transport = createTransport({ connect, backoff });
 * await using served = serveConnection(theirs, { routes: () => {} });
 * await transport.ready();
 * assertEquals(attempts, 3);
 * ```
 */
export interface BackoffOptions {
  /**
   * Milliseconds after the first failed attempt.
   *
   * @default {50}
   */
  initialMs?: number;
  /**
   * The most milliseconds; until then each wait is twice the one before.
   *
   * @default {5000}
   */
  maxMs?: number;
}

/** Waits that double from one failed attempt to the next, each cut by chance to between half and whole. */
export class Backoff {
  readonly #initialMs: number;
  readonly #maxMs: number;
  #nextMs: number;
  #until = -Infinity;

  /** @throws {RangeError} If a length of time is NaN or negative. */
  constructor({ initialMs = 50, maxMs = 5_000 }: BackoffOptions = {}) {
    requireDuration("backoff.initialMs", initialMs);
    requireDuration("backoff.maxMs", maxMs);
    this.#initialMs = initialMs;
    this.#maxMs = maxMs;
    this.#nextMs = initialMs;
  }

  /** Milliseconds until the next attempt may be made; 0 if now. */
  get remainingMs(): number {
    return Math.max(0, this.#until - clock.now());
  }

  /** An attempt has failed. */
  failed(): void {
    const waitMs = Math.min(this.#maxMs, this.#nextMs);
    this.#nextMs = 2 * waitMs;
    this.#until = clock.now() + waitMs * (1 + Math.random()) / 2;
  }

  /** An attempt has succeeded: the next wait is a first one again. */
  succeeded(): void {
    this.#nextMs = this.#initialMs;
    this.#until = -Infinity;
  }
}
