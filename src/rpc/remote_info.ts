/**
 * Who is at the other end of a connection.
 *
 * @example Who calls
 * ```ts
 * import { createRouterTransport, type RemoteInfo } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: RemoteInfo[] = [];
 * await using transport = createRouterTransport((router) =>
 *   registerGreeter(router, {
 *     hello(_request, { remote }) {
 *       seen.push(remote);
 *       return { text: "Hello" };
 *     },
 *   })
 * );
 * await createGreeterClient(transport).hello({});
 * assertEquals(seen, [{ address: "memory" }]);
 * ```
 */
export interface RemoteInfo {
  /**
   * The address in the form of the module's own addresses, such as `unix:///run/a.sock`; `memory` without a
   * socket, `unknown` for a {@linkcode Duplex} that does not say.
   */
  readonly address: string;
}
