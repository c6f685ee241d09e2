import { addStats, noStats } from "../../src/connection/connection_stats.ts";
import { Link } from "./link.ts";
import type { Gauges, SoakServer } from "./soak_server.ts";

/** A few links: with and without interceptors, with and without `waitForReady`. */
export class Links implements AsyncDisposable, Iterable<Link> {
  readonly #links: readonly [Link, ...Link[]];
  #isClosed = false;

  /** Each connects at its first call. */
  constructor(server: SoakServer) {
    const link = (isIntercepted: boolean, waitForReady: boolean) =>
      new Link({ address: () => server.address(isIntercepted), isIntercepted, waitForReady });
    const isOwn = server.abilities.runsInterceptors;
    this.#links = [link(false, false), link(isOwn, false), link(false, true), link(isOwn, true)];
  }

  /** The link that a number belongs to. */
  of(number: number): Link {
    return this.#links[number % this.#links.length] ?? this.#links[0];
  }

  /** How often a connection was made anew. */
  get reconnects(): number {
    return this.#links.reduce((sum, { connections }) => sum + Math.max(0, connections - 1), 0);
  }

  /** What they hold together; connections count once they should be closed. */
  gauges(): Gauges {
    const stats = noStats();
    for (const { transport } of this.#links) addStats(stats, transport.stats());
    const { connections, openCalls, runningHandlers, queuedBytes } = stats;
    return { connections: this.#isClosed ? connections : 0, openCalls, runningHandlers, queuedBytes };
  }

  [Symbol.iterator](): IterableIterator<Link> {
    return this.#links.values();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#links.map(({ transport }) => transport.close()));
    this.#isClosed = true;
  }
}
