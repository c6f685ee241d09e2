import { RouteTable } from "./route_table.ts";
import type { Router, Routes } from "./router.ts";

/**
 * Makes a router without any service.
 *
 * @example Usage
 * ```ts
 * import { createClient, createRouter, createRouterTransport } from "@ttrpc/ttrpc";
 * import { Greeter } from "./gen/greeter/v1/greeter_pb.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const router = createRouter().service(Greeter, {
 *   hello: (request) => ({ text: `Hello, ${request.name}` }),
 * });
 * await using transport = createRouterTransport(router);
 * assertEquals((await createClient(Greeter, transport).hello({ name: "Ada" })).text, "Hello, Ada");
 * ```
 */
export function createRouter(): Router {
  return new RouteTable();
}

/**
 * The table that `routes` is, or fills.
 *
 * @throws {TypeError} If `routes` is asynchronous, or neither a function nor a router that
 * {@linkcode createRouter} made.
 */
export function resolveRoutes(routes: Routes): RouteTable {
  if (routes instanceof RouteTable) return routes;
  if (typeof routes !== "function") {
    throw new TypeError("Cannot serve: routes is neither a function nor a router made by createRouter()");
  }
  const table = new RouteTable();
  const result: unknown = routes(table);
  if (result instanceof Promise) {
    throw new TypeError("Cannot serve: routes is asynchronous, so services would be missing at first");
  }
  return table;
}
