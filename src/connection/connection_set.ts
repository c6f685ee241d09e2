import type { ConnectionStats } from "./connection_stats.ts";

/** What a set needs of its connections. */
export interface CountedConnection {
  /** Resolves once the connection is closed. */
  readonly closed: Promise<void>;
  /** Its counters. */
  stats(): ConnectionStats;
}

/**
 * The connections of a transport or a server that are not closed yet, and the counters of all that there ever
 * were.
 */
export class ConnectionSet<Connection extends CountedConnection> implements Iterable<Connection> {
  readonly #connections = new Set<Connection>();
  #lateFramesBefore = 0;

  /** Adds a connection; it is taken out when it has closed. */
  add(connection: Connection): void {
    this.#connections.add(connection);
    connection.closed.then(() => {
      this.#connections.delete(connection);
      this.#lateFramesBefore += connection.stats().lateFrames;
    });
  }

  /** The counters of all connections together. */
  stats(): ConnectionStats {
    const total = { openCalls: 0, lateFrames: this.#lateFramesBefore };
    for (const connection of this.#connections) {
      const { openCalls, lateFrames } = connection.stats();
      total.openCalls += openCalls;
      total.lateFrames += lateFrames;
    }
    return total;
  }

  /** The connections that are not closed yet. */
  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#connections.values();
  }
}
