import type { DescMethod } from "@bufbuild/protobuf";
import type { ConnectionOptions } from "../connection/connection_options.ts";
import type { Duplex, RemoteInfo } from "../connection/duplex.ts";
import { resolveRoutes } from "./create_router.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Routes } from "./router.ts";
import type { ServedConnection } from "./served_connection.ts";

/** Where an error came up that {@linkcode ServeConnectionOptions.onError} is told of. */
export interface ErrorContext {
  /** Whose connection it was. */
  readonly remote: RemoteInfo;
  /** Whose handler threw; undefined for an error of the connection. */
  readonly method?: DescMethod;
}

/** Options for {@linkcode serveConnection}. */
export interface ServeConnectionOptions extends ConnectionOptions {
  /** What is served. */
  routes: Routes;
  /**
   * Told of connections that were lost with calls open, and of errors other than {@linkcode TtrpcError} that
   * handlers throw, of which the caller gets only the message.
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
  const { onError = (error) => console.error(error) } = options;
  return new Dispatcher(duplex, resolveRoutes(options.routes), options, onError);
}
