import type { CallOptions } from "../rpc/call_options.ts";
import { CALL_ENDED } from "../rpc/guarded_messages.ts";
import type { InterceptedCall } from "../rpc/interceptor.ts";
import type { TtrpcError } from "../rpc/ttrpc_error.ts";
import type { BoundsWatcher } from "../rpc/watch_bounds.ts";
import { CallBounds } from "./call_bounds.ts";
import type { CallWatcher, WatchedCallOptions } from "./client_call.ts";

/** Stands around all interceptors of one call: its bounds, as the one signal that everything inside sees. */
export class CallGuard implements BoundsWatcher, CallWatcher {
  readonly #bounds: CallBounds;
  readonly #waitForReady: boolean | undefined;
  readonly #controller = new AbortController();
  /** Calls behind the interceptors that are open. */
  #openCalls = 0;
  #requestSent = false;

  /**
   * The guard of a call that is made now.
   *
   * @throws {RangeError} If `timeoutMs` is NaN.
   */
  constructor(options: CallOptions, defaultTimeoutMs: number) {
    this.#bounds = new CallBounds(options, defaultTimeoutMs);
    this.#waitForReady = options.waitForReady;
  }

  /** Aborts when the caller waits no longer, and when the call has ended. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the call is with the interceptors alone: no other call counts for it. */
  get isHeld(): boolean {
    return this.#openCalls === 0;
  }

  /**
   * Holds the call to its bounds from now on.
   *
   * @throws {TtrpcError} If it is past one of them already.
   */
  begin(): void {
    this.#bounds.begin(this);
    this.signal.throwIfAborted();
  }

  /** Lets go of the caller's signal and the timer, and aborts what interceptors have left running. */
  end(): void {
    this.#bounds.end();
    this.#controller.abort(CALL_ENDED);
  }

  /** The options of a call that has passed all interceptors; a signal of theirs may only end it earlier. */
  pass({ signal, metadata, contextValues }: InterceptedCall): WatchedCallOptions {
    return {
      signal: signal === this.signal ? signal : AbortSignal.any([this.signal, signal]),
      metadata,
      contextValues,
      timeoutMs: this.#bounds.deadline?.remainingMs ?? Infinity,
      waitForReady: this.#waitForReady,
      watcher: this,
    };
  }

  callBegan(): void {
    this.#openCalls++;
  }

  callSent(): void {
    this.#requestSent = true;
  }

  callEnded(): void {
    this.#openCalls--;
  }

  /** Ends the call with an error, wherever it is. */
  abandon(error: TtrpcError): void {
    this.#controller.abort(error);
  }

  aborted(): void {
    this.#controller.abort(this.#bounds.abortError(this.#requestSent));
  }

  deadlinePassed(): void {
    this.#controller.abort(this.#bounds.deadlineError(this.#requestSent));
  }
}
