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
import { type Connect, connectWithin } from "./connect_within.ts";
import { type ConnectionTaker, WaitingCalls } from "./waiting_calls.ts";

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

/** Options for {@linkcode ConnectionSource}, complete. */
export interface ConnectionSourceOptions extends ClientConnectionOptions {
  /** Milliseconds that an attempt to connect may take. */
  connectTimeoutMs: number;
  /** How long to wait between attempts. */
  backoff: Backoff;
  /** Told of each change. */
  onStateChange: (state: TransportState) => void;
}

/** The state of a source: that of the transport, with an attempt and the pause before the next one apart. */
type SourceState = Exclude<TransportState, "connecting"> | "attempting" | "pausing";

/**
 * Gives calls their connection: made when the first one asks, shared by all, made again after it was lost
 * (PROTOCOL.md Z5).
 */
export class ConnectionSource {
  readonly #connect: Connect;
  readonly #options: ConnectionSourceOptions;
  readonly #connections = new ConnectionSet<ClientConnection>();
  readonly #waiting = new WaitingCalls((taker) => this.submit(taker));
  /** Aborts when the transport is closed. */
  readonly #end = new AbortController();
  #state: SourceState = "idle";
  #current: ClientConnection | undefined;
  #lastError: TtrpcError | undefined;
  /** Cancels the next attempt, during the pause before it. */
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
    this.#waiting.add(taker);
    if (connection === undefined) this.#advance();
    else this.#waiting.joinLine(taker, connection);
  }

  /** Forgets a call that waits: it is over. */
  withdraw(taker: ConnectionTaker): void {
    if (this.#waiting.remove(taker) && this.#waiting.isEmpty) this.#stopRetrying();
  }

  /** Fails all calls, and closes all connections. */
  async close(): Promise<void> {
    this.#moveTo("closed");
    this.#end.abort(closedError());
    this.#waiting.fail(closedError(), () => true);
    for (const connection of this.#connections) connection.abandonAll(closedError());
    await Promise.all(Array.from(this.#connections, (connection) => connection.close(LINGER_MS)));
  }

  /** Takes the next step towards a connection for the calls that wait. */
  #advance(): void {
    if (this.#state === "attempting") return;
    if (this.#options.backoff.remainingMs === 0) this.#attempt();
    else this.#pause();
  }

  /** Between two attempts only those wait who said so. */
  #pause(): void {
    const error = this.#lastError;
    if (error !== undefined) this.#waiting.fail(error, ({ waitForReady }) => !waitForReady);
    if (this.#waiting.isEmpty) return this.#moveTo("idle");
    if (this.#state === "pausing") return;
    this.#moveTo("pausing");
    const retry = Deadline.afterMs(this.#options.backoff.remainingMs);
    this.#forgetRetry = retry?.onPassed(() => this.#attempt());
  }

  /** Nobody waits for the next attempt any more. */
  #stopRetrying(): void {
    if (this.#state === "pausing") this.#moveTo("idle");
  }

  async #attempt(): Promise<void> {
    this.#current = undefined;
    this.#moveTo("attempting");
    try {
      const { connectTimeoutMs } = this.#options;
      this.#takeOver(await connectWithin(this.#connect, connectTimeoutMs, this.#end.signal));
    } catch (cause) {
      if (this.#state === "closed") return;
      this.#options.backoff.failed();
      this.#lastError = TtrpcError.from(cause, Code.Unavailable);
      // Another code says that the next attempt would fail too.
      if (this.#lastError.code !== Code.Unavailable) this.#waiting.fail(this.#lastError, () => true);
      this.#pause();
    }
  }

  #takeOver(duplex: Duplex): void {
    if (this.#state === "closed") return closeDuplex(duplex);
    const connection = this.#wrap(duplex);
    this.#options.backoff.succeeded();
    this.#lastError = undefined;
    this.#current = connection;
    this.#connections.add(connection);
    this.#moveTo("ready");
    this.#waiting.joinAll(connection);
  }

  /** @throws {TypeError} If somebody else holds the streams of the duplex; then that is closed. */
  #wrap(duplex: Duplex): ClientConnection {
    try {
      const connection: ClientConnection = new ClientConnection(
        duplex,
        this.#options,
        () => this.#lost(connection),
      );
      return connection;
    } catch (error) {
      closeDuplex(duplex);
      throw error;
    }
  }

  /** The connection takes no further calls. */
  #lost(connection: ClientConnection): void {
    if (this.#current !== connection) return;
    this.#current = undefined;
    this.#moveTo("idle");
    if (this.#waiting.isEmpty) return;
    this.#waiting.leaveLines();
    this.#advance();
  }

  /** The one place where the state changes; being closed is for good. */
  #moveTo(state: SourceState): void {
    if (this.#state === "closed") return;
    const before = publicState(this.#state);
    this.#state = state;
    this.#forgetRetry?.();
    this.#forgetRetry = undefined;
    const now = publicState(state);
    if (now !== before) callBack(() => this.#options.onStateChange(now));
  }
}

function publicState(state: SourceState): TransportState {
  return state === "attempting" || state === "pausing" ? "connecting" : state;
}

/** The error of calls on a transport that was closed. */
export function closedError(): TtrpcError {
  return new TtrpcError("The transport is closed", Code.Canceled, { requestSent: false });
}
