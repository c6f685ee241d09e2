import type { TtrpcError } from "../rpc/ttrpc_error.ts";
import type { BoundsWatcher } from "../rpc/watch_bounds.ts";
import { CallBounds } from "./call_bounds.ts";
import type { ClientConnection } from "./client_connection.ts";
import type { ConnectionSource } from "./connection_source.ts";
import type { WaitOptions } from "./transport.ts";
import type { ConnectionTaker } from "./waiting_calls.ts";

/**
 * What is done with a connection.
 *
 * @param done To be called once, when it is done; with an error if it has failed.
 * @returns A function that lets go of the connection, whether it is done or not.
 */
export type ConnectionUse = (
  connection: ClientConnection,
  done: (error?: TtrpcError) => void,
) => () => void;

/**
 * Waits until there is a connection, however often attempts to connect fail, and `use` of it is done.
 *
 * @throws {TtrpcError} If the caller waits no longer, the transport is closed, or `use` fails.
 */
export function waitForConnection(
  source: ConnectionSource,
  options: WaitOptions,
  defaultTimeoutMs: number,
  use: ConnectionUse,
): Promise<void> {
  const bounds = new CallBounds(options, defaultTimeoutMs);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isOver = false;
  let letGo = () => {};
  const end = (error?: TtrpcError) => {
    isOver = true;
    bounds.end();
    source.withdraw(taker);
    letGo();
    if (error === undefined) resolve();
    else reject(error);
  };
  const taker: ConnectionTaker & BoundsWatcher = {
    waitForReady: true,
    open: (connection) => {
      letGo = use(connection, end);
    },
    fail: end,
    aborted: () => end(bounds.abortError(false)),
    deadlinePassed: () => end(bounds.deadlineError(false, source.connectError)),
  };
  bounds.begin(taker);
  if (isOver) return promise;
  // Not behind calls that wait for room: whoever asks whether the server lives is not to wait for it.
  if (source.connection === undefined) source.submit(taker);
  else taker.open(source.connection);
  return promise;
}
