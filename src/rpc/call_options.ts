import type { ContextValues } from "./context_values.ts";
import type { MetadataInit } from "./metadata.ts";

/** Options for one call. */
export interface CallOptions {
  /** Gives the call up when it aborts: the call fails with {@linkcode Code.Canceled} at once. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds after which the call fails with {@linkcode Code.DeadlineExceeded}, counted from the moment
   * the method is called. The server is told what is left. 0 or less: fails at once, and nothing is sent. NaN
   * throws a `RangeError`. A call that gives none has {@linkcode TransportOptions.defaultTimeoutMs}.
   */
  timeoutMs?: number | undefined;
  /**
   * Sent along with the request.
   *
   * @default {[]}
   */
  metadata?: MetadataInit | undefined;
  /**
   * What the interceptors of the transport are told of the call; never sent.
   *
   * @default {createContextValues()}
   */
  contextValues?: ContextValues | undefined;
}
