import { ConnectingTransport } from "../client/connecting_transport.ts";
import type { Transport, TransportOptions } from "../client/transport.ts";
import { resolveRoutes } from "../server/create_router.ts";
import type { Routes } from "../server/router.ts";
import {
  resolveServeOptions,
  serveConnection,
  type ServeConnectionOptions,
} from "../server/serve_connection.ts";
import { memoryDuplex } from "./memory_duplex.ts";

/**
 * Options for {@linkcode createRouterTransport}.
 *
 * @example What a server does not tell its client
 * ```ts
 * import { createRouterTransport, type RouterTransportOptions } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const errors: unknown[] = [];
 * const options: RouterTransportOptions = {
 *   transport: { defaultTimeoutMs: 500 },
 *   server: { onError: (error) => errors.push(error) },
 * };
 * const bug = new TypeError("Not a greeting");
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello: () => Promise.reject(bug) }),
 *   options,
 * );
 * await assertRejects(() => createGreeterClient(transport).hello({}), Error, "[unknown] Not a greeting");
 * assertEquals(errors, [bug]);
 * ```
 */
export interface RouterTransportOptions {
  /** Those of the client's side, each with its default. */
  transport?: TransportOptions;
  /** Those of the server's side, each with its default. */
  server?: Omit<ServeConnectionOptions, "routes">;
}

/**
 * Makes a transport that calls the functions of a router in the same process, without a socket: for tests,
 * and for services that may move out one day. All rules of real connections hold, limits included.
 *
 * @throws {TypeError} If `routes` is neither a router of {@linkcode createRouter} nor a synchronous function.
 * @throws {RangeError} If a limit is out of its range, or `defaultTimeoutMs` is NaN.
 *
 * @example Usage
 * ```ts
 * import { createRouterTransport } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using transport = createRouterTransport((router) =>
 *   registerGreeter(router, { hello: ({ name }) => ({ text: `Hello, ${name}` }) })
 * );
 * const { text } = await createGreeterClient(transport).hello({ name: "Ada" });
 * assertEquals(text, "Hello, Ada");
 * ```
 */
export function createRouterTransport(routes: Routes, options: RouterTransportOptions = {}): Transport {
  const { transport = {}, server = {} } = options;
  const served = { ...server, routes: resolveRoutes(routes) };
  resolveServeOptions(server);
  return new ConnectingTransport(() => {
    const [ours, theirs] = memoryDuplex();
    serveConnection(theirs, served);
    return Promise.resolve(ours);
  }, transport);
}
