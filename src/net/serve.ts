import type { Duplex } from "../connection/duplex.ts";
import { requireDuration } from "../rpc/require_duration.ts";
import { callBack } from "../rpc/call_back.ts";
import { resolveRoutes } from "../server/create_router.ts";
import { resolveServeOptions, type ServeConnectionOptions } from "../server/serve_connection.ts";
import { requireWhole } from "../wire/require_whole.ts";
import type { Authorize } from "./authorize.ts";
import { listenLent } from "./listen.ts";
import { AcceptingServer, type AcceptOptions, type Server } from "./server.ts";

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
  /**
   * How many connections may be open, 1 or more, those included that `authorize` is asked about; what is above
   * it is closed at once, and `onError` told of the first. No default: the system's limit holds, and those who
   * connect wait for their turn.
   */
  maxConnections?: number;
  /**
   * Asked about each connection before the first of its bytes is read; what is not let in is closed, and
   * `onError` is told. The answer may be a promise, and must come within `firstFrameTimeoutMs`.
   *
   * Learning who connects takes longer the more descriptors the process has open: about 10 milliseconds of
   * each accept with 4 000 connections. `maxConnections` keeps that down.
   *
   * Linux tells who connects to a unix socket, and Deno has to be run with `--allow-ffi` to hear it: without
   * one of these there is no server. The connections of a `listener` must have their `remote.credentials`.
   */
  authorize?: Authorize;
  /**
   * Milliseconds from when a connection is accepted until its first frame must be there, or it is closed;
   * what `authorize` takes counts too. Some clients connect long before their first call.
   *
   * @default {30000} With `authorize`; else Infinity: no limit.
   */
  firstFrameTimeoutMs?: number;
  /** Shuts the server down when it aborts. */
  signal?: AbortSignal;
  /** Called once connections are accepted, with the address in its canonical form. */
  onListen?: (address: string) => void;
}

/**
 * Serves on an address.
 *
 * @returns The server, once it accepts connections.
 * @throws {TypeError} If not just one of `address` and `listener` is given, if the address has no form there
 * is, or can't be used with `authorize`, or if `routes` is neither a router of {@linkcode createRouter} nor a
 * synchronous function, as a rejection.
 * @throws {RangeError} If a limit is out of its range, as a rejection.
 * @throws {TtrpcError} With code 14 if it can't listen at the address, or learn who connects there for
 * `authorize`, or with 7 if a permission is missing for that, as a rejection.
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
  const complete = resolveOptions(options);
  const server = new AcceptingServer(await openListener(options, complete), complete);
  try {
    options.onListen?.(server.address);
  } catch (error) {
    await server.shutdown();
    throw error;
  }
  return server;
}

function resolveOptions(options: ServeOptions): AcceptOptions {
  const { authorize, signal, maxConnections = Infinity } = options;
  const { firstFrameTimeoutMs = authorize === undefined ? Infinity : 30_000 } = options;
  if (maxConnections !== Infinity) requireWhole("maxConnections", maxConnections, 1, Number.MAX_SAFE_INTEGER);
  requireDuration("firstFrameTimeoutMs", firstFrameTimeoutMs);
  const connection = { ...resolveServeOptions(options), routes: resolveRoutes(options.routes) };
  return { ...connection, authorize, signal, maxConnections, firstFrameTimeoutMs };
}

async function openListener(
  { address, listener }: ServeOptions,
  { authorize, onError }: AcceptOptions,
): Promise<AsyncIterable<Duplex>> {
  if (listener !== undefined && address === undefined) return listener;
  if (address === undefined || listener !== undefined) {
    throw new TypeError("Cannot serve: give either address or listener");
  }
  return await listenLent(address, {
    readsCredentials: authorize !== undefined,
    onError: (error) => callBack(() => onError(error, { remote: { address } })),
  });
}
