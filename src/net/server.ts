import { closeDuplex } from "../connection/close_duplex.ts";
import { ConnectionSet } from "../connection/connection_set.ts";
import type { ConnectionStats } from "../connection/connection_stats.ts";
import type { Duplex } from "../connection/duplex.ts";
import { callBack } from "../rpc/call_back.ts";
import { Code } from "../rpc/code.ts";
import { Deadline } from "../rpc/deadline.ts";
import { type RemoteInfo, UNKNOWN_REMOTE } from "../rpc/remote_info.ts";
import { requireDuration } from "../rpc/require_duration.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { Dispatcher, type DispatcherOptions } from "../server/dispatcher.ts";
import type { RouteTable } from "../server/route_table.ts";
import type { ServedConnection, ShutdownOptions } from "../server/served_connection.ts";
import { type Authorize, requireAuthorized } from "./authorize.ts";
import type { Listener } from "./listen.ts";

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

/** Options for {@linkcode AcceptingServer}: those of `serve`, complete. */
export interface AcceptOptions extends DispatcherOptions {
  routes: RouteTable;
  authorize: Authorize | undefined;
  /** Infinity for no limit. */
  maxConnections: number;
  /** Infinity for no limit. */
  firstFrameTimeoutMs: number;
  signal: AbortSignal | undefined;
}

/** Serves the connections that a listener gives. */
export class AcceptingServer implements Server {
  readonly address: string;
  readonly finished: Promise<void>;
  readonly #listener: AsyncIterable<Duplex> & Partial<Listener>;
  readonly #options: AcceptOptions;
  /** Connections that wait for `authorize`, and when they have done so. */
  readonly #waiting = new Map<Duplex, Promise<void>>();
  readonly #connections = new ConnectionSet<ServedConnection>();
  #shutdown: ShutdownOptions | undefined;
  /** Whether the last connection was above the limit. */
  #isRefusing = false;
  /** Aborts at the shutdown. */
  readonly #stopping = new AbortController();
  /** Resolves at the shutdown of a server whose listener can't be closed. */
  readonly #stopped = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();

  /** Begins to accept. */
  constructor(listener: AsyncIterable<Duplex>, options: AcceptOptions) {
    this.#listener = listener;
    this.#options = options;
    this.address = this.#listener.address ?? UNKNOWN_REMOTE.address;
    this.finished = this.#run(options.signal);
  }

  shutdown(options: ShutdownOptions = {}): Promise<void> {
    if (options.graceMs !== undefined) requireDuration("graceMs", options.graceMs);
    const isFirst = this.#shutdown === undefined;
    this.#shutdown = options;
    if (isFirst) this.#stopListening();
    for (const connection of this.#connections) connection.shutdown(options);
    return this.#closed.promise;
  }

  stats(): ConnectionStats {
    const stats = this.#connections.stats();
    return { ...stats, connections: stats.connections + this.#waiting.size };
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
      await Promise.all(this.#waiting.values());
      await Promise.all(Array.from(this.#connections, ({ closed }) => closed));
      signal?.removeEventListener("abort", onAbort);
      this.#closed.resolve();
    }
  }

  #stopListening(): void {
    this.#stopping.abort();
    if (this.#listener.close === undefined) return this.#stopped.resolve();
    try {
      this.#listener.close();
    } catch {
      // Its owner has closed it already.
    }
  }

  async #accept(): Promise<void> {
    const { authorize, maxConnections, firstFrameTimeoutMs } = this.#options;
    for await (const duplex of this.#listener) {
      if (this.#waiting.size + this.#connections.size >= maxConnections) {
        this.#refuse(duplex);
        continue;
      }
      this.#isRefusing = false;
      const deadline = Deadline.afterMs(firstFrameTimeoutMs);
      if (authorize === undefined) this.#serve(duplex, deadline);
      else this.#waiting.set(duplex, this.#admit(duplex, authorize, deadline));
      if (this.#shutdown !== undefined) break;
    }
  }

  /** Closes a connection above the limit; told once for all that come before there is room again. */
  #refuse(duplex: Duplex): void {
    closeDuplex(duplex);
    if (this.#isRefusing) return;
    this.#isRefusing = true;
    const message = `Connection closed: more than maxConnections, ${this.#options.maxConnections}, are open`;
    this.#report(new TtrpcError(message, Code.ResourceExhausted), duplex.remote ?? UNKNOWN_REMOTE);
  }

  /** Serves a connection if it may be; closes it otherwise. Never rejects. */
  async #admit(duplex: Duplex, authorize: Authorize, deadline: Deadline | undefined): Promise<void> {
    const { remote = UNKNOWN_REMOTE } = duplex;
    try {
      await requireAuthorized(remote, authorize, { deadline, signal: this.#stopping.signal });
      this.#waiting.delete(duplex);
      this.#serve(duplex, deadline);
    } catch (error) {
      this.#waiting.delete(duplex);
      closeDuplex(duplex);
      if (this.#shutdown === undefined) this.#report(error, remote);
    }
  }

  #serve(duplex: Duplex, deadline: Deadline | undefined): void {
    let connection: ServedConnection;
    try {
      connection = new Dispatcher(duplex, this.#options.routes, this.#options);
    } catch (error) {
      // Somebody else holds its streams: that is about no other connection.
      closeDuplex(duplex);
      return this.#report(error, duplex.remote ?? UNKNOWN_REMOTE);
    }
    this.#connections.add(connection);
    const forget = deadline?.onPassed(() => this.#requireFrame(connection, duplex.remote));
    if (forget !== undefined) connection.closed.then(forget);
    if (this.#shutdown !== undefined) connection.shutdown(this.#shutdown);
  }

  /** Closes a connection on which no frame has come. */
  #requireFrame(connection: ServedConnection, remote = UNKNOWN_REMOTE): void {
    if (connection.stats().receivedFrames > 0 || this.#shutdown !== undefined) return;
    const { firstFrameTimeoutMs } = this.#options;
    const message = `Connection closed: no frame came within ${firstFrameTimeoutMs} ms`;
    this.#report(new TtrpcError(message, Code.DeadlineExceeded), remote);
    connection.shutdown({ graceMs: 0 });
  }

  #report(error: unknown, remote: RemoteInfo): void {
    callBack(() => this.#options.onError(error, { remote }));
  }
}
