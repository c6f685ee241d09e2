/**
 * Counters of one connection, or of all connections of a transport or server together.
 *
 * @example Calls that run
 * ```ts
 * import { type ConnectionStats, createRouterTransport } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using transport = createRouterTransport((router) =>
 *   registerGreeter(router, { hello: ({ name }) => ({ text: `Hello, ${name}` }) })
 * );
 * const call = createGreeterClient(transport).hello({ name: "Ada" });
 * const during: ConnectionStats = transport.stats();
 * await call;
 * assertEquals([during.openCalls, transport.stats().openCalls], [1, 0]);
 * ```
 */
export interface ConnectionStats {
  /** Calls that have begun and not ended. */
  openCalls: number;
  /** Frames since the beginning that were dropped because their call had ended, or was never opened. */
  lateFrames: number;
}
