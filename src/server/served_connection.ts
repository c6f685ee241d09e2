import type { ConnectionStats } from "../connection/connection_stats.ts";

/**
 * Options for shutting a server, or one of its connections, down.
 *
 * @example A call that does not end in time
 * ```ts
 * import { createTransport, memoryDuplex, serveConnection, type ShutdownOptions } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertRejects } from "@std/assert";
 *
 * const [ours, theirs] = memoryDuplex();
 * await using transport = createTransport({ connect: () => Promise.resolve(ours) });
 * const options: ShutdownOptions = { graceMs: 10 };
 * const served = serveConnection(theirs, {
 *   routes: (router) =>
 *     registerGreeter(router, {
 *       hello() {
 *         served.shutdown(options);
 *         return new Promise(() => {});
 *       },
 *     }),
 * });
 * await assertRejects(() => createGreeterClient(transport).hello({}), Error, "Server is shutting down");
 * ```
 */
export interface ShutdownOptions {
  /**
   * Milliseconds that open calls have to end, 0 or more; after them they fail with
   * {@linkcode Code.Unavailable}. Infinity: as long as they take. NaN or less than 0 throws a `RangeError`.
   *
   * @default {10000}
   */
  graceMs?: number;
}

/**
 * One connection that is served. Disposing of it shuts it down.
 *
 * @example Until the client leaves
 * ```ts
 * import { Code, createTransport, memoryDuplex, serveConnection, type ServedConnection } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [ours, theirs] = memoryDuplex();
 * const served: ServedConnection = serveConnection(theirs, {
 *   routes: (router) => registerGreeter(router, { hello: ({ name }) => ({ text: `Hello, ${name}` }) }),
 * });
 * const transport = createTransport({ connect: () => Promise.resolve(ours) });
 * await createGreeterClient(transport).hello({ name: "Ada" });
 * await transport.close();
 * await served.closed;
 * assertEquals(served.stats().callsByCode.get(Code.Ok), 1);
 * ```
 */
export interface ServedConnection extends AsyncDisposable {
  /** Resolves once the connection is closed, whichever side closed it; never rejects. */
  readonly closed: Promise<void>;
  /**
   * Lets open calls end, refuses new ones with {@linkcode Code.Unavailable}, and closes the connection. May
   * be called again to give the calls less time.
   *
   * @returns The promise `closed`.
   */
  shutdown(options?: ShutdownOptions): Promise<void>;
  /** The counters of the connection. */
  stats(): ConnectionStats;
}
