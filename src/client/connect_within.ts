import { closeDuplex } from "../connection/close_duplex.ts";
import type { Duplex } from "../connection/duplex.ts";
import { Code } from "../rpc/code.ts";
import { Deadline } from "../rpc/deadline.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { watchBounds } from "../rpc/watch_bounds.ts";

/** Makes a connection, unless `signal` aborts before. */
export type Connect = (options: { signal: AbortSignal }) => Promise<Duplex>;

/**
 * Makes a connection, within a time. One that comes later is closed at once.
 *
 * @param timeoutMs Milliseconds that it may take, or Infinity.
 * @param closed Aborts when no connection is needed any more.
 * @throws {TtrpcError} With code 14 if it takes longer.
 * @throws What `connect` throws, or the reason of `closed`.
 */
export async function connectWithin(
  connect: Connect,
  timeoutMs: number,
  closed: AbortSignal,
): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const attempt = new AbortController();
  const giveUp = (reason: unknown) => {
    attempt.abort(reason);
    reject(reason);
  };
  const forget = watchBounds({ signal: closed, deadline: Deadline.afterMs(timeoutMs) }, {
    aborted: () => giveUp(closed.reason),
    deadlinePassed: () => giveUp(tookTooLong(timeoutMs)),
  });
  const run = async () => {
    const duplex = await connect({ signal: attempt.signal });
    if (attempt.signal.aborted) closeDuplex(duplex);
    else resolve(duplex);
  };
  run().catch(reject);
  try {
    return await promise;
  } finally {
    forget();
  }
}

function tookTooLong(timeoutMs: number): TtrpcError {
  const message = `Cannot connect: no connection within ${timeoutMs} ms`;
  return new TtrpcError(message, Code.Unavailable, { requestSent: false });
}
