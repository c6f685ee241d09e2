import { closeDuplex } from "../connection/close_duplex.ts";
import { LINGER_MS } from "../connection/connection.ts";
import { ConnectionSet } from "../connection/connection_set.ts";
import type { ConnectionStats } from "../connection/connection_stats.ts";
import type { Duplex } from "../connection/duplex.ts";
import { callBack } from "../rpc/call_back.ts";
import { Code } from "../rpc/code.ts";
import { Deadline } from "../rpc/deadline.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import type { Backoff } from "./backoff.ts";
import { ClientConnection, type ClientConnectionOptions } from "./client_connection.ts";

/**
 * Where a transport stands: without a connection, about to have one (between failed attempts too, while calls
 * wait for it), with one, closed for good.
 *
 * @example What a transport goes through
 * ```ts
 * import { createRouterTransport, type TransportState } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * const states: TransportState[] = [];
 * const onStateChange = (state: TransportState) => void states.push(state);
 * const transport = createRouterTransport(() => {}, { transport: { onStateChange } });
 * await transport.ready();
 * await transport.close();
 * assertEquals(states, ["connecting", "ready", "closed"]);
 * ```
 */
export type TransportState = "idle" | "connecting" | "ready" | "closed";

/** Makes a connection. */
export type Connect = (options: { signal: AbortSignal }) => Promise<Duplex>;

/** What waits for a connection. */
export interface ConnectionTaker {
  /** Whether it waits on when an attempt to connect fails. */
  readonly waitForReady: boolean;
  /** Takes the connection, in its turn. */
  open(connection: ClientConnection): void;
  /** There is no connection. */
  fail(error: TtrpcError): void;
}

/** Options for {@linkcode ConnectionSource}, complete. */
export interface ConnectionSourceOptions extends ClientConnectionOptions {
  /** How long to wait between attempts. */
  backoff: Backoff;
  /** Told of each change. */
  onStateChange: (state: TransportState) => void;
}

/**
 * Gives calls their connection: made when the first one asks, shared by all, made again after it was lost.
 * Calls are opened in the order in which they ask, as the connection has room for them (PROTOCOL.md B1).
 */
export class ConnectionSource {
  readonly #connect: Connect;
  /** Aborts when the transport is closed. */
  readonly #end = new AbortController();
  readonly #options: ConnectionSourceOptions;
  readonly #connections = new ConnectionSet<ClientConnection>();
  /** Each with a function by which it leaves the line for room that it may stand in. */
  readonly #waiting = new Map<ConnectionTaker, () => void>();
  #state: TransportState = "idle";
  #current: ClientConnection | undefined;
  #isConnecting = false;
  #lastError: TtrpcError | undefined;
  /** Stops the timer of the next attempt, while there is one. */
  #forgetRetry: (() => void) | undefined;

  /** Connects once it is asked for a connection. */
  constructor(connect: Connect, options: ConnectionSourceOptions) {
    this.#connect = connect;
    this.#options = options;
  }

  /** The connection that a call gets now, be there room or not. */
  get connection(): ClientConnection | undefined {
    return this.#current?.isUsable ? this.#current : undefined;
  }

  /** Why there is no connection; undefined while there is one, or none was needed yet. */
  get connectError(): TtrpcError | undefined {
    return this.connection === undefined ? this.#lastError : undefined;
  }

  /** The counters of all connections. */
  stats(): ConnectionStats {
    return this.#connections.stats();
  }

  /** Gives a call the connection: now, or as soon as it is there and has room. */
  submit(taker: ConnectionTaker): void {
    if (this.#state === "closed") return taker.fail(closedError());
    const { connection } = this;
    if (connection?.writer.hasRoom) return taker.open(connection);
    this.#waiting.set(taker, () => {});
    if (connection === undefined) this.#advance();
    else this.#joinLine(connection, taker);
  }

  /** Forgets a call that waits: it is over. */
  withdraw(taker: ConnectionTaker): void {
    const leaveLine = this.#waiting.get(taker);
    if (leaveLine === undefined) return;
    leaveLine();
    this.#waiting.delete(taker);
    if (this.#waiting.size === 0) this.#stopRetrying();
  }

  /** Fails all calls, and closes all connections. */
  async close(): Promise<void> {
    this.#setState("closed");
    this.#end.abort(closedError());
    this.#stopRetrying();
    this.#failWaiting(closedError(), () => true);
    for (const connection of this.#connections) connection.abandonAll(closedError());
    await Promise.all(Array.from(this.#connections, (connection) => connection.close(LINGER_MS)));
  }

  /** Takes the next step towards a connection for the calls that wait. */
  #advance(): void {
    if (this.#isConnecting) return;
    if (this.#options.backoff.remainingMs === 0) this.#attempt();
    else this.#waitForRetry();
  }

  /** Between two attempts only those wait who said so. */
  #waitForRetry(): void {
    const error = this.#lastError;
    if (error !== undefined) this.#failWaiting(error, ({ waitForReady }) => !waitForReady);
    if (this.#waiting.size === 0) return this.#setState("idle");
    this.#setState("connecting");
    this.#forgetRetry ??= Deadline.afterMs(this.#options.backoff.remainingMs)?.onPassed(() =>
      this.#attempt()
    );
  }

  /** Nobody waits for the next attempt any more. */
  #stopRetrying(): void {
    if (this.#forgetRetry === undefined) return;
    this.#forgetRetry();
    this.#forgetRetry = undefined;
    this.#setState("idle");
  }

  async #attempt(): Promise<void> {
    this.#forgetRetry?.();
    this.#forgetRetry = undefined;
    this.#current = undefined;
    this.#isConnecting = true;
    this.#setState("connecting");
    try {
      const duplex = await this.#connect({ signal: this.#end.signal });
      this.#options.backoff.succeeded();
      this.#lastError = undefined;
      this.#isConnecting = false;
      this.#takeOver(duplex);
    } catch (cause) {
      this.#isConnecting = false;
      this.#options.backoff.failed();
      this.#lastError = TtrpcError.from(cause, Code.Unavailable);
      if (this.#state !== "closed") this.#waitForRetry();
    }
  }

  #takeOver(duplex: Duplex): void {
    if (this.#state === "closed") return closeDuplex(duplex);
    const connection = this.#wrap(duplex);
    this.#current = connection;
    this.#connections.add(connection);
    this.#setState("ready");
    for (const taker of [...this.#waiting.keys()]) {
      // What a call before it has brought about may have ended this one.
      if (this.#waiting.has(taker)) this.#joinLine(connection, taker);
    }
  }

  #wrap(duplex: Duplex): ClientConnection {
    try {
      const connection: ClientConnection = new ClientConnection(
        duplex,
        this.#options,
        () => this.#lost(connection),
      );
      return connection;
    } catch (error) {
      // Somebody else holds its streams.
      closeDuplex(duplex);
      throw error;
    }
  }

  /** The connection takes no further calls. */
  #lost(connection: ClientConnection): void {
    if (this.#current !== connection) return;
    this.#current = undefined;
    this.#setState("idle");
    if (this.#waiting.size === 0) return;
    for (const leaveLine of this.#waiting.values()) leaveLine();
    this.#advance();
  }

  #joinLine(connection: ClientConnection, taker: ConnectionTaker): void {
    const takeTurn = () => {
      connection.leaveLine(takeTurn);
      this.#waiting.delete(taker);
      if (connection.isUsable) taker.open(connection);
      else this.submit(taker);
    };
    this.#waiting.get(taker)?.();
    this.#waiting.set(taker, () => connection.leaveLine(takeTurn));
    connection.joinLine(takeTurn);
  }

  #failWaiting(error: TtrpcError, isMeant: (taker: ConnectionTaker) => boolean): void {
    for (const taker of [...this.#waiting.keys()].filter(isMeant)) {
      this.withdraw(taker);
      taker.fail(error);
    }
  }

  /** Being closed is for good. */
  #setState(state: TransportState): void {
    if (this.#state === state || this.#state === "closed") return;
    this.#state = state;
    callBack(() => this.#options.onStateChange(state));
  }
}

/** The error of calls on a transport that was closed. */
export function closedError(): TtrpcError {
  return new TtrpcError("The transport is closed", Code.Canceled, { requestSent: false });
}
