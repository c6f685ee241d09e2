import { addStats, type ConnectionStats, noStats } from "./connection_stats.ts";

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
  /** Closed ones whose handlers have not all settled. */
  readonly #settling = new Set<Connection>();
  readonly #before = noStats();

  /** How many connections are not closed yet. */
  get size(): number {
    return this.#connections.size;
  }

  /** Adds a connection; it is taken out when it has closed. */
  add(connection: Connection): void {
    this.#connections.add(connection);
    connection.closed.then(() => {
      this.#connections.delete(connection);
      this.#settling.add(connection);
      this.#forgetSettled();
    });
  }

  /** The counters of all connections together. */
  stats(): ConnectionStats {
    this.#forgetSettled();
    const total = noStats();
    addStats(total, this.#before);
    for (const connection of [...this.#connections, ...this.#settling]) addStats(total, connection.stats());
    return total;
  }

  /** The connections that are not closed yet. */
  [Symbol.iterator](): IterableIterator<Connection> {
    return this.#connections.values();
  }

  #forgetSettled(): void {
    for (const connection of this.#settling) {
      const stats = connection.stats();
      if (stats.runningHandlers > 0) continue;
      this.#settling.delete(connection);
      addStats(this.#before, stats);
    }
  }
}
