import { resolveConnectionOptions } from "../connection/connection_options.ts";
import { ConnectionSet } from "../connection/connection_set.ts";
import type { ConnectionStats } from "../connection/connection_stats.ts";
import type { Duplex } from "../connection/duplex.ts";
import { resolveRoutes } from "../server/create_router.ts";
import type { Router } from "../server/router.ts";
import { serveConnection, type ServeConnectionOptions } from "../server/serve_connection.ts";
import type { ServedConnection, ShutdownOptions } from "../server/served_connection.ts";
import { type Listener, listenLent } from "./listen.ts";

/**
 * Options for {@linkcode serve}: either `address` or `listener`.
 *
 * @example Connections of one's own, until a signal
 * ```ts
 * import { createTransport, memoryDuplex, serve, type ServeOptions } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 *
 * const [ours, theirs] = memoryDuplex();
 * const end = new AbortController();
 * const options: ServeOptions = {
 *   listener: ReadableStream.from([theirs]),
 *   routes: (router) => registerGreeter(router, { hello: () => ({ text: "Hello" }) }),
 *   signal: end.signal,
 * };
 * const server = await serve(options);
 * await using transport = createTransport({ connect: () => Promise.resolve(ours) });
 * await createGreeterClient(transport).hello({});
 * end.abort();
 * await server.finished;
 * ```
 */
export interface ServeOptions extends ServeConnectionOptions {
  /** Where to listen, in one of the forms that {@linkcode listen} takes. */
  address?: string;
  /** Where connections come from, if not from an address. One with a `close()` is closed at shutdown. */
  listener?: AsyncIterable<Duplex>;
  /** Shuts the server down when it aborts. */
  signal?: AbortSignal;
  /** Called once connections are accepted, with the address in its canonical form. */
  onListen?: (address: string) => void;
}

/**
 * A server that accepts connections. Disposing of it shuts it down.
 *
 * @example A port that is free
 * ```ts
 * import { createTransport, serve, type Server } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using server: Server = await serve({
 *   address: "tcp://127.0.0.1:0",
 *   routes: (router) => registerGreeter(router, { hello: () => ({ text: "Hello" }) }),
 * });
 * await using transport = createTransport({ address: server.address });
 * await createGreeterClient(transport).hello({}, { timeoutMs: 500 });
 * assertEquals(server.stats().openCalls, 0);
 * ```
 */
export interface Server extends AsyncDisposable {
  /** Where it listens, in canonical form; `unknown` for a `listener` that does not say. */
  readonly address: string;
  /**
   * Resolves once the last connection is closed, after a shutdown or the end of the `listener`. Rejects,
   * then, if connections could not be accepted any more.
   */
  readonly finished: Promise<void>;
  /**
   * Accepts no further connection, lets open calls end, then closes the connections. May be called again to
   * give the calls less time.
   *
   * @returns A promise that resolves once the last connection is closed; it never rejects.
   */
  shutdown(options?: ShutdownOptions): Promise<void>;
  /** The counters of its connections. */
  stats(): ConnectionStats;
}

/**
 * Serves on an address.
 *
 * @returns The server, once it accepts connections.
 * @throws {TypeError} If not just one of `address` and `listener` is given, if the address has no form there
 * is, or if `routes` is neither a router of {@linkcode createRouter} nor a synchronous function, as a
 * rejection.
 * @throws {RangeError} If a limit is out of its range, as a rejection.
 * @throws {TtrpcError} With code 14 if it can't listen at the address, as a rejection.
 *
 * @example Usage
 * ```ts
 * import { serve } from "@ttrpc/ttrpc";
 * import { registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 *
 * const server = await serve({
 *   address: `unix://${await Deno.makeTempDir()}/greeter.sock`,
 *   routes: (router) => registerGreeter(router, { hello: ({ name }) => ({ text: `Hello, ${name}` }) }),
 *   onListen: (address) => console.log(`Listening on ${address}`),
 * });
 * // A program would now wait for the server to finish; this one tells it to.
 * server.shutdown();
 * await server.finished;
 * ```
 */
export async function serve(options: ServeOptions): Promise<Server> {
  resolveConnectionOptions(options);
  const router = resolveRoutes(options.routes);
  const listener = await openListener(options);
  const server = new AcceptingServer(listener, router, options);
  try {
    options.onListen?.(server.address);
  } catch (error) {
    await server.shutdown();
    throw error;
  }
  return server;
}

async function openListener({ address, listener }: ServeOptions): Promise<AsyncIterable<Duplex>> {
  if (listener !== undefined && address === undefined) return listener;
  if (address === undefined || listener !== undefined) {
    throw new TypeError("Cannot serve: give either address or listener");
  }
  return await listenLent(address);
}

class AcceptingServer implements Server {
  readonly address: string;
  readonly finished: Promise<void>;
  readonly #listener: AsyncIterable<Duplex> & Partial<Listener>;
  readonly #options: ServeConnectionOptions;
  readonly #connections = new ConnectionSet<ServedConnection>();
  #shutdown: ShutdownOptions | undefined;
  /** Resolves at the shutdown of a server whose listener can't be closed. */
  readonly #stopped = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();

  constructor(listener: AsyncIterable<Duplex>, router: Router, options: ServeOptions) {
    this.#listener = listener;
    this.#options = { ...options, routes: router };
    this.address = this.#listener.address ?? "unknown";
    this.finished = this.#run(options.signal);
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    const isFirst = this.#shutdown === undefined;
    this.#shutdown = options;
    if (isFirst) this.#stopListening();
    for (const connection of this.#connections) connection.shutdown(options);
    return this.#closed.promise;
  }

  stats(): ConnectionStats {
    return this.#connections.stats();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#shutdown === undefined ? this.shutdown() : this.#closed.promise;
  }

  async #run(signal: AbortSignal | undefined): Promise<void> {
    const onAbort = () => void this[Symbol.asyncDispose]();
    if (signal?.aborted) onAbort();
    signal?.addEventListener("abort", onAbort);
    try {
      await Promise.race([this.#accept(), this.#stopped.promise]);
    } catch (error) {
      // Cut short by a shutdown, accepting fails at some listeners.
      if (this.#shutdown !== undefined) return;
      this.shutdown();
      throw error;
    } finally {
      await Promise.all(Array.from(this.#connections, ({ closed }) => closed));
      signal?.removeEventListener("abort", onAbort);
      this.#closed.resolve();
    }
  }

  #stopListening(): void {
    if (this.#listener.close === undefined) return this.#stopped.resolve();
    try {
      this.#listener.close();
    } catch {
      // Its owner has closed it already.
    }
  }

  async #accept(): Promise<void> {
    for await (const duplex of this.#listener) {
      const connection = serveConnection(duplex, this.#options);
      this.#connections.add(connection);
      if (this.#shutdown !== undefined) {
        connection.shutdown(this.#shutdown);
        break;
      }
    }
  }
}
