import type { CallOptions } from "../rpc/call_options.ts";
import { Code } from "../rpc/code.ts";
import { Deadline } from "../rpc/deadline.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { type BoundsWatcher, watchBounds } from "../rpc/watch_bounds.ts";

/** How long the caller of a call waits: its signal and its deadline. */
export class CallBounds {
  /** When the caller stops waiting; undefined if it waits forever. */
  readonly deadline: Deadline | undefined;
  readonly #signal: AbortSignal | undefined;
  #forget: (() => void) | undefined;

  /**
   * The bounds of a call that is made now.
   *
   * @throws {RangeError} If `timeoutMs` is NaN.
   */
  constructor({ signal, timeoutMs }: CallOptions, defaultTimeoutMs: number) {
    this.#signal = signal;
    this.deadline = Deadline.afterMs(timeoutMs ?? defaultTimeoutMs);
  }

  /**
   * Holds a call to its bounds from now on; one that is past them already is told at once, of one of them.
   */
  begin(call: BoundsWatcher): void {
    if (this.#signal === undefined && this.deadline === undefined) return;
    this.#forget = watchBounds({ signal: this.#signal, deadline: this.deadline }, call);
  }

  /** Forgets the call: it is over. */
  end(): void {
    this.#forget?.();
  }

  /**
   * The error of a caller whose signal has aborted, even after the call was over.
   *
   * @param requestSent Whether the server may have seen the request.
   */
  abortError(requestSent: boolean): TtrpcError | undefined {
    if (!this.#signal?.aborted) return undefined;
    const cause = this.#signal.reason;
    if (cause instanceof TtrpcError) return cause;
    return new TtrpcError("The call was canceled", Code.Canceled, { cause, requestSent });
  }

  /**
   * The error of a call whose deadline has passed.
   *
   * @param cause What it waited for in vain.
   */
  deadlineError(requestSent: boolean, cause?: TtrpcError): TtrpcError {
    const message = "context deadline exceeded";
    if (cause === undefined) return new TtrpcError(message, Code.DeadlineExceeded, { requestSent });
    return new TtrpcError(`${message}: ${cause.rawMessage}`, Code.DeadlineExceeded, { requestSent, cause });
  }
}
