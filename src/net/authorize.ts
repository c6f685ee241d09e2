import { Code } from "../rpc/code.ts";
import type { PeerCredentials, RemoteInfo } from "../rpc/remote_info.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { type Bounds, watchBounds } from "../rpc/watch_bounds.ts";
import { effectiveUser } from "./libc.ts";

/**
 * Decides who may connect: only `true`, or a promise of it, lets a client in.
 *
 * @example Users from a list, and root
 * ```ts
 * import { type Authorize, sameUser, serve } from "@ttrpc/ttrpc";
 *
 * const USERS = [0, 1000];
 * const authorize: Authorize = (credentials) => USERS.includes(credentials.uid) || sameUser(credentials);
 * await using server = await serve({
 *   address: `unix://@greeter-${crypto.randomUUID()}`,
 *   routes: () => {},
 *   authorize,
 * });
 * ```
 */
export type Authorize = (credentials: PeerCredentials) => boolean | Promise<boolean>;

/**
 * A rule for {@linkcode ServeOptions.authorize}: lets in processes of the user that the server runs as, and no
 * other; not even root, unless that is who it runs as.
 *
 * @throws {Deno.errors.NotCapable} If Deno runs without `--allow-ffi`.
 *
 * @example Usage
 * ```ts
 * import { createTransport, sameUser, serve } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = await serve({
 *   address: `unix://@greeter-${crypto.randomUUID()}`,
 *   routes: (router) =>
 *     registerGreeter(router, {
 *       hello: (_request, { remote }) => ({ text: `Hello, ${remote.credentials?.pid}` }),
 *     }),
 *   authorize: sameUser,
 * });
 * await using transport = createTransport({ address: server.address });
 * assertEquals((await createGreeterClient(transport).hello({})).text, `Hello, ${Deno.pid}`);
 * ```
 */
export function sameUser(credentials: PeerCredentials): boolean {
  return credentials.uid === effectiveUser();
}

/**
 * Asks whether a client may connect, and waits for the answer no longer than some bounds.
 *
 * @throws {TtrpcError} With code 7 if it may not, or nobody knows who it is, and with code 4 at the deadline, as
 * a rejection; else what `authorize` throws, or the reason of the signal.
 */
export async function requireAuthorized(
  remote: RemoteInfo,
  authorize: Authorize,
  bounds: Bounds,
): Promise<void> {
  bounds.signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const forget = watchBounds(bounds, {
    aborted: () => reject(bounds.signal?.reason),
    deadlinePassed: () => reject(refused(Code.DeadlineExceeded, "authorize takes too long")),
  });
  ask(remote, authorize).then(resolve, reject);
  try {
    await promise;
  } finally {
    forget();
  }
}

async function ask({ credentials }: RemoteInfo, authorize: Authorize): Promise<void> {
  if (credentials === undefined) throw refused(Code.PermissionDenied, "nobody knows whose it is");
  if (await authorize(credentials) === true) return;
  const { pid, uid, gid } = credentials;
  throw refused(Code.PermissionDenied, `it is of process ${pid}, user ${uid}, group ${gid}`);
}

function refused(code: Code, reason: string): TtrpcError {
  return new TtrpcError(`Cannot accept a connection: ${reason}`, code);
}
