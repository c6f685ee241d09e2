import { type Duplex, serve, type Server, TtrpcError } from "../../mod.ts";
import { addStats, type ConnectionStats, noStats } from "../../src/connection/connection_stats.ts";
import { listenLent } from "../../src/net/listen.ts";
import { addServices, HandlerCounts } from "../interop/interop_service.ts";
import { addHop } from "./hops.ts";
import { type Memory, ownMemory } from "./memory.ts";
import { turns } from "../waiting.ts";

/** What the program says of itself. */
export interface ServerReport {
  memory: Memory;
  /** Of all servers that it has had. */
  stats: Omit<ConnectionStats, "callsByCode"> & { callsByCode: [code: number, calls: number][] };
  /** Handlers that were called, and those that run. */
  started: number;
  active: number;
  /** What `onError` was told, but for lost connections. */
  told: string[];
}

/** Time that a restart gives to open calls. */
const GRACE_MS = 100;
/** Time that handlers have to settle once no call is open. */
const SETTLE_MS = 20_000;

/** The program's servers, and what it can be told to do with them. */
export class ServingProgram {
  readonly #plain: string;
  readonly #intercepted: string;
  readonly #counts = new HandlerCounts();
  readonly #duplexes = new Set<Duplex>();
  readonly #told: string[] = [];
  /** Those that serve, and those before them whose handlers have not all settled. */
  readonly #servers = new Set<Server>();
  /** Of all others. */
  readonly #before = noStats();

  private constructor(plain: string, intercepted: string) {
    this.#plain = plain;
    this.#intercepted = intercepted;
  }

  /** Begins to serve. */
  static async start(plain: string, intercepted: string): Promise<ServingProgram> {
    const program = new ServingProgram(plain, intercepted);
    await program.#serve();
    return program;
  }

  /** Carries a command out, and reports afterwards. */
  async run(command: string): Promise<ServerReport> {
    switch (command) {
      case "restart":
        await this.#shutdown();
        await this.#serve();
        break;
      case "cut":
        for (const duplex of this.#duplexes) duplex.close();
        this.#duplexes.clear();
        break;
      case "settle":
        await this.#settle();
        break;
    }
    return this.#report();
  }

  /** Ends the servers. */
  stop(): Promise<void> {
    return this.#shutdown();
  }

  /** Waits for handlers; those that do not settle are found in the report. */
  async #settle(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, SETTLE_MS);
    await Promise.race([this.#counts.idle, promise]);
    clearTimeout(timer);
    // The server sees a little later that a handler has settled.
    await turns(1);
  }

  async #serve(): Promise<void> {
    this.#servers.add(await this.#serveAt(this.#plain));
    this.#servers.add(await this.#serveAt(this.#intercepted));
  }

  async #serveAt(address: string): Promise<Server> {
    const bound = await listenLent(address);
    const listener = {
      close: () => bound.close(),
      [Symbol.asyncIterator]: () => this.#remembering(bound),
    };
    return await serve({
      listener,
      routes: (router) => addServices(router, this.#counts),
      interceptors: address === this.#intercepted ? [addHop("server")] : [],
      onError: (error) => this.#onError(error),
    });
  }

  async *#remembering(listener: AsyncIterable<Duplex>): AsyncGenerator<Duplex> {
    for await (const duplex of listener) {
      this.#duplexes.add(duplex);
      yield duplex;
    }
  }

  async #shutdown(): Promise<void> {
    await Promise.all(Array.from(this.#servers, (server) => server.shutdown({ graceMs: GRACE_MS })));
    this.#duplexes.clear();
    for (const server of this.#servers) {
      const stats = server.stats();
      if (stats.runningHandlers > 0) continue;
      addStats(this.#before, stats);
      this.#servers.delete(server);
    }
  }

  #report(): ServerReport {
    const stats = noStats();
    addStats(stats, this.#before);
    for (const server of this.#servers) addStats(stats, server.stats());
    return {
      memory: ownMemory(),
      stats: { ...stats, callsByCode: [...stats.callsByCode] },
      started: this.#counts.started,
      active: this.#counts.active,
      told: this.#told,
    };
  }

  #onError(error: unknown): void {
    if (error instanceof TtrpcError && error.rawMessage.startsWith("Connection lost: ")) return;
    // A few are enough to know.
    if (this.#told.length < 20) this.#told.push(String(error));
  }
}
