import type { ConnectionStats } from "../connection/connection_stats.ts";

/** Options for shutting a server, or one of its connections, down. */
export interface ShutdownOptions {
  /**
   * Milliseconds that open calls have to end; after them they fail with {@linkcode Code.Unavailable}.
   *
   * @default {10000}
   */
  graceMs?: number;
}

/** One connection that is served. Disposing of it shuts it down. */
export interface ServedConnection extends AsyncDisposable {
  /** Resolves once the connection is closed, whichever side closed it; never rejects. */
  readonly closed: Promise<void>;
  /**
   * Lets open calls end, refuses new ones with {@linkcode Code.Unavailable}, and closes the connection.
   *
   * @returns The promise `closed`.
   */
  shutdown(options?: ShutdownOptions): Promise<void>;
  /** The counters of the connection. */
  stats(): ConnectionStats;
}
