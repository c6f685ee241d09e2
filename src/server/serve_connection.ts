import type { ConnectionOptions } from "../connection/connection_options.ts";
import type { Duplex } from "../connection/duplex.ts";
import { resolveRoutes } from "./create_router.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Routes } from "./router.ts";
import type { ServedConnection } from "./served_connection.ts";

/** Options for {@linkcode serveConnection}. */
export interface ServeConnectionOptions extends ConnectionOptions {
  /** What is served. */
  routes: Routes;
  /**
   * Told what no caller is told in full: a connection that was lost, and what a handler threw that is no
   * {@linkcode TtrpcError}. Called in a turn of its own.
   *
   * @default {() => {}}
   */
  onError?: (error: unknown) => void;
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
  const { onError = () => {} } = options;
  return new Dispatcher(duplex, resolveRoutes(options.routes), options, onError);
}
