import { Code } from "../rpc/code.ts";
import { Deadline } from "../rpc/deadline.ts";
import { requireDuration } from "../rpc/require_duration.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";

/**
 * When a transport asks a silent server for a sign of life.
 *
 * @example A call that takes long, on a server that lives
 * ```ts
 * import { createRouterTransport, type PingOptions } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 *
 * const ping: PingOptions = { intervalMs: 5, timeoutMs: 5_000 };
 * const wait = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello: () => wait().then(() => ({ text: "At last" })) }),
 *   { transport: { ping } },
 * );
 * await createGreeterClient(transport).hello({});
 * ```
 */
export interface PingOptions {
  /** Milliseconds of silence after which it asks, more than 0. */
  intervalMs: number;
  /**
   * Milliseconds that the server then has, more than 0.
   *
   * @default {intervalMs}
   */
  timeoutMs?: number;
}

/**
 * Fills in the default.
 *
 * @throws {RangeError} If a length of time is NaN, 0 or less.
 */
export function resolvePing({ intervalMs, timeoutMs = intervalMs }: PingOptions): Required<PingOptions> {
  for (const [name, ms] of Object.entries({ "ping.intervalMs": intervalMs, "ping.timeoutMs": timeoutMs })) {
    requireDuration(name, ms);
    if (ms === 0) throw new RangeError(`Cannot use 0 as ${name}: not a number of milliseconds above 0`);
  }
  return { intervalMs, timeoutMs };
}

/** What a heartbeat needs of the connection that it watches. */
export interface WatchedConnection {
  /** How many bytes have come so far: each is a sign of life. */
  readonly receivedBytes: number;
  /** Whether a ping was answered so far; a server that never answered one may not know them. */
  readonly answersPings: boolean;
  /** Whether a ping could not come through for now, or its answer would not be seen. */
  readonly isPaused: boolean;
  /** Sends a ping. */
  sendPing(): void;
  /** Gives the connection up. */
  fail(error: TtrpcError): void;
}

/** Watches a connection while calls are open on it, and gives it up once its server is dead (PROTOCOL.md K2). */
export class Heartbeat {
  readonly #connection: WatchedConnection;
  readonly #options: Required<PingOptions>;
  #seenBytes = 0;
  #hasAsked = false;
  #forget: (() => void) | undefined;

  /** Watches once it is started. */
  constructor(connection: WatchedConnection, options: Required<PingOptions>) {
    this.#connection = connection;
    this.#options = options;
  }

  /** A first call is open. */
  start(): void {
    if (!this.#hasAsked) this.#askOnce();
    this.#seenBytes = this.#connection.receivedBytes;
    this.#after(this.#options.intervalMs, () => this.#ask());
  }

  /** No call is open any more. */
  stop(): void {
    this.#forget?.();
  }

  #ask(): void {
    if (this.#hasSignOfLife()) return this.start();
    this.#connection.sendPing();
    this.#after(this.#options.timeoutMs, () => this.#judge());
  }

  /** Before it matters: only a server that is known to answer can be told from one that never does. */
  #askOnce(): void {
    this.#hasAsked = true;
    // Not now: the Request of the first call is just being written.
    queueMicrotask(() => this.#connection.sendPing());
  }

  #judge(): void {
    if (this.#hasSignOfLife()) return this.start();
    // A server that never answered a ping is not dead: it may not know them, or may just begin to serve.
    if (!this.#connection.answersPings) return this.start();
    const message = `Connection lost: the server gave no sign of life for ${this.#options.timeoutMs} ms`;
    this.#connection.fail(new TtrpcError(message, Code.Unavailable));
  }

  #hasSignOfLife(): boolean {
    return this.#connection.isPaused || this.#connection.receivedBytes > this.#seenBytes;
  }

  #after(delayMs: number, callback: () => void): void {
    this.#forget?.();
    this.#forget = Deadline.afterMs(delayMs)?.onPassed(callback);
  }
}
