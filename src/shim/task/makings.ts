import type { CallOptions } from "../../rpc/call_options.ts";
import { clock } from "../../rpc/clock.ts";
import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { problemsOf } from "../problems_of.ts";
import { within } from "../within.ts";

/** How long a shim may take to make what nobody wants any more. */
const PATIENCE_MS = 10_000;

/** How what was made, or half made, is removed. */
export interface Removal {
  /** Removes what has come of a call that was given up. */
  remove: () => Promise<void>;
  /** Removes what a call has left that failed for a reason, or never ended. */
  clear: (reason: unknown) => Promise<void>;
}

/**
 * What is being made in a shim. A shim can't be told to stop, so what is given up goes on there, and is removed once
 * it is made.
 */
export class Makings {
  /** What is under way. */
  readonly #open = new Set<Promise<unknown>>();
  /** Removals of what was given up, or half made, and those that have failed. */
  readonly #removals = new Set<Promise<void>>();
  /** Gives up all that is under way. */
  readonly #ending = new AbortController();
  /** Ends the waiting for what was given up. */
  readonly #impatience = new AbortController();
  #isStuck = false;

  /** Whether something that was given up has not come to an end in time. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  /** Does something that {@linkcode Makings.end} waits for. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#open.add(running);
    try {
      return await running;
    } finally {
      this.#open.delete(running);
    }
  }

  /** The options of a caller who waits no longer than all this goes on. */
  bounded<Options extends CallOptions>(options: Options): Options {
    const signals = [this.#ending.signal, options.signal].filter((signal) => signal !== undefined);
    return { ...options, signal: AbortSignal.any(signals) };
  }

  /**
   * Makes something, for as long as a caller waits.
   *
   * @param call Asks the shim for it, without the caller's signal and deadline.
   * @throws {TtrpcError} If the shim can't make it, or the caller waits no longer, as a rejection.
   */
  async make<T>(
    call: (options: CallOptions) => Promise<T>,
    options: CallOptions,
    removal: Removal,
  ): Promise<T> {
    const { signal: _signal, timeoutMs: _timeoutMs, ...unbounded } = options;
    let made: Promise<T> | undefined;
    let hasFailed = false;
    const start = () => {
      made = call(unbounded);
      made.catch(() => hasFailed = true);
      return made;
    };
    try {
      return await within(start, this.bounded(options));
    } catch (error) {
      if (made !== undefined) {
        const rest = hasFailed ? removal.clear(error) : this.#removeOnceMade(made, removal);
        this.#remember(rest);
        // What goes wrong now is told at the end; the caller wants to know what went wrong first.
        if (hasFailed) await rest.catch(() => {});
      }
      throw error;
    }
  }

  /**
   * Gives up all that is under way, and waits until it is removed.
   *
   * @param reason What those get who wait for it.
   * @returns What went wrong.
   */
  async end(reason: TtrpcError): Promise<unknown[]> {
    this.#ending.abort(reason);
    const stop = clock.callAt(clock.now() + PATIENCE_MS, () => this.#impatience.abort(tooLate()));
    try {
      await Promise.allSettled(this.#open);
      const problems = await problemsOf(this.#removals);
      this.#removals.clear();
      return problems;
    } finally {
      stop();
    }
  }

  async #removeOnceMade(made: Promise<unknown>, { remove, clear }: Removal): Promise<void> {
    const { signal } = this.#impatience;
    try {
      await within(() => made, { signal });
      await remove();
    } catch (error) {
      this.#isStuck ||= signal.aborted;
      await clear(error);
    }
  }

  /** A removal that has failed is told of at the end. */
  #remember(removal: Promise<void>): void {
    this.#removals.add(removal);
    removal.then(() => this.#removals.delete(removal), () => {});
  }
}

/** The error of what a shim should have done long ago. */
function tooLate(): TtrpcError {
  return new TtrpcError("The shim hangs", Code.DeadlineExceeded);
}
