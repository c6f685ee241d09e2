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
  /** Who connected, as the system knows it: for handlers of a server with {@linkcode ServeOptions.authorize}. */
  readonly credentials?: PeerCredentials;
}

/**
 * The process that connected to a unix socket, as Linux knows it: what it was when it connected, whoever holds
 * the connection by now.
 *
 * @example Only root
 * ```ts
 * import { type PeerCredentials, serve } from "@ttrpc/ttrpc";
 *
 * const isRoot = ({ uid }: PeerCredentials) => uid === 0;
 * await using server = await serve({
 *   address: `unix://${await Deno.makeTempDir()}/greeter.sock`,
 *   routes: () => {},
 *   authorize: isRoot,
 * });
 * ```
 */
export interface PeerCredentials {
  /**
   * Its process id; 0 if that can't be seen from here, as from inside a container. Says little by itself: an
   * id is given again to another process once its own has ended.
   */
  readonly pid: number;
  /** Its effective user; 65534 for one that does not exist here, as from a container's own users. */
  readonly uid: number;
  /** Its effective group; 65534 likewise. */
  readonly gid: number;
}

/** Whoever is at the other end of a connection that does not say. */
export const UNKNOWN_REMOTE: RemoteInfo = { address: "unknown" };
