import type { DescMethod } from "@bufbuild/protobuf";
import { type ConnectionOptions, resolveConnectionOptions } from "../connection/connection_options.ts";
import type { Duplex } from "../connection/duplex.ts";
import type { Interceptor } from "../rpc/interceptor.ts";
import type { RemoteInfo } from "../rpc/remote_info.ts";
import { resolveRoutes } from "./create_router.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Routes } from "./router.ts";
import type { ServedConnection } from "./served_connection.ts";

/** Where an error came up that {@linkcode ServeConnectionOptions.onError} is told of. */
export interface ErrorContext {
  /** Whose connection it was. */
  readonly remote: RemoteInfo;
  /** Whose call it was; undefined for an error of the connection, and for a method that does not exist. */
  readonly method?: DescMethod;
}

/** Options for {@linkcode serveConnection}. */
export interface ServeConnectionOptions extends ConnectionOptions {
  /** What is served. */
  routes: Routes;
  /**
   * See and may change every call of a method that there is; the first of them sees a call first.
   *
   * @default {[]}
   */
  interceptors?: readonly Interceptor[];
  /**
   * Told of connections that were lost with calls open; of errors other than {@linkcode TtrpcError} that
   * handlers and interceptors throw, of which the caller gets only the message; and of requests that reach
   * neither: of an unknown service or method, or undecodable.
   *
   * @default {console.error}
   */
  onError?: (error: unknown, context: ErrorContext) => void;
}

/**
 * Serves one connection, wherever it comes from.
 *
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
  const { onError = (error) => console.error(error), interceptors = [] } = options;
  const table = resolveRoutes(options.routes);
  return new Dispatcher(duplex, table, { ...resolveConnectionOptions(options), interceptors, onError });
}
