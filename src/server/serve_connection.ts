import type { DescMethod } from "@bufbuild/protobuf";
import { type ConnectionOptions, resolveConnectionOptions } from "../connection/connection_options.ts";
import type { Duplex } from "../connection/duplex.ts";
import type { Interceptor } from "../rpc/interceptor.ts";
import type { RemoteInfo } from "../rpc/remote_info.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { requireWhole } from "../wire/require_whole.ts";
import { resolveRoutes } from "./create_router.ts";
import { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
import type { Routes } from "./router.ts";
import type { ServedConnection } from "./served_connection.ts";
import type { OutOfOrderIds } from "./stream_ids.ts";

/**
 * Where an error came up that {@linkcode ServeConnectionOptions.onError} is told of.
 *
 * @example A log line for each error
 * ```ts
 * import { createRouterTransport, type ErrorContext } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const lines: string[] = [];
 * function onError(error: unknown, { remote, method }: ErrorContext): void {
 *   lines.push(`${remote.address} ${method?.name ?? "-"} ${error}`);
 * }
 *
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello: () => Promise.reject(new Error("Out of words")) }),
 *   { server: { onError } },
 * );
 * await assertRejects(() => createGreeterClient(transport).hello({}));
 * assertEquals(lines, ["memory Hello Error: Out of words"]);
 * ```
 */
export interface ErrorContext {
  /** Whose connection it was. */
  readonly remote: RemoteInfo;
  /** Whose call it was; undefined for an error of the connection, and for a request that reaches none. */
  readonly method?: DescMethod;
}

/**
 * Options for {@linkcode serveConnection}.
 *
 * @example No request above a kilobyte
 * ```ts
 * import { createTransport, memoryDuplex, serveConnection, type ServeConnectionOptions } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertRejects } from "@std/assert";
 *
 * const options: ServeConnectionOptions = {
 *   routes: (router) => registerGreeter(router, { hello: ({ name }) => ({ text: `Hello, ${name}` }) }),
 *   readMaxBytes: 1024,
 * };
 * const [ours, theirs] = memoryDuplex();
 * await using served = serveConnection(theirs, options);
 * await using transport = createTransport({ connect: () => Promise.resolve(ours) });
 * const call = createGreeterClient(transport).hello({ name: "A".repeat(2000) });
 * await assertRejects(() => call, Error, "exceed maximum message size of 1024");
 * ```
 */
export interface ServeConnectionOptions extends ConnectionOptions {
  /** What is served. */
  routes: Routes;
  /**
   * How many calls may be open on one connection, 1 or more. A call counts until it has ended, its handler
   * has settled, and the client has taken the answer. One more is answered with
   * {@linkcode Code.ResourceExhausted} at once.
   *
   * @default {1024}
   */
  maxConcurrentStreams?: number;
  /**
   * Whether to accept an unused id that is lower than one before it, at most 1 024 calls below the highest.
   * Rust's client sends such ids when calls are made at the same time (PROTOCOL.md S16); the protocol refuses
   * them.
   *
   * @default {"refuse"}
   */
  outOfOrderIds?: OutOfOrderIds;
  /**
   * See and may change every call of a method that there is; the first of them sees a call first.
   *
   * @default {[]}
   */
  interceptors?: readonly Interceptor[];
  /**
   * Told of connections that were lost with calls open, or brought bytes that are no frames; of errors other
   * than {@linkcode TtrpcError} that handlers and interceptors throw, of which the caller gets only the
   * message; and of requests that reach neither: of an unknown service or method, or undecodable.
   * {@linkcode serve} also tells it of connections that were refused or said nothing, and once when there are
   * no file descriptors left. Called in a turn of its own; what it throws itself is printed.
   *
   * By default `console.error` prints each with its connection and method: a {@linkcode TtrpcError} as one
   * line, anything else with its stack.
   */
  onError?: (error: unknown, context: ErrorContext) => void;
}

/**
 * Serves one connection, wherever it comes from.
 *
 * @throws {TypeError} If `routes` is neither a router of {@linkcode createRouter} nor a synchronous function.
 * @throws {RangeError} If a limit is out of its range.
 *
 * @example Usage
 * ```ts
 * import { createTransport, memoryDuplex, serveConnection } from "@ttrpc/ttrpc";
 *
 * const [ours, theirs] = memoryDuplex();
 * await using served = serveConnection(ours, { routes: () => {} });
 * await using transport = createTransport({ connect: () => Promise.resolve(theirs) });
 * ```
 */
export function serveConnection(duplex: Duplex, options: ServeConnectionOptions): ServedConnection {
  return new Dispatcher(duplex, resolveRoutes(options.routes), resolveServeOptions(options));
}

/**
 * Fills in the defaults.
 *
 * @throws {RangeError} If an option is out of its range.
 */
export function resolveServeOptions(options: Omit<ServeConnectionOptions, "routes">): DispatcherOptions {
  const {
    maxConcurrentStreams = 1_024,
    outOfOrderIds = "refuse",
    interceptors = [],
    onError = logError,
  } = options;
  requireWhole("maxConcurrentStreams", maxConcurrentStreams, 1, Number.MAX_SAFE_INTEGER);
  const limits = resolveConnectionOptions(options);
  return { ...limits, maxConcurrentStreams, outOfOrderIds, interceptors, onError };
}

/** How much of a message is printed, in characters. */
const MAX_LOGGED = 500;

/** Prints a line for each error; of one that was nobody's intention, all that is known. */
function logError(error: unknown, { remote, method }: ErrorContext): void {
  const place = method === undefined
    ? remote.address
    : `${remote.address} ${method.parent.typeName}/${method.name}`;
  // What a client has sent may be in it, however long.
  console.error(`${place}:`, error instanceof TtrpcError ? error.message.slice(0, MAX_LOGGED) : error);
}
