import { closeDuplex } from "../connection/close_duplex.ts";
import type { Duplex } from "../connection/duplex.ts";
import { Code } from "../rpc/code.ts";
import { Deadline } from "../rpc/deadline.ts";
import { onAbort } from "../rpc/on_abort.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";

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
export function connectWithin(connect: Connect, timeoutMs: number, closed: AbortSignal): Promise<Duplex> {
  const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
  const attempt = new AbortController();
  const giveUp = (reason: unknown) => {
    attempt.abort(reason);
    end();
    reject(reason);
  };
  const forgetClosed = onAbort(closed, () => giveUp(closed.reason));
  const forgetDeadline = Deadline.afterMs(timeoutMs)?.onPassed(() => giveUp(tookTooLong(timeoutMs)));
  const end = () => {
    forgetClosed();
    forgetDeadline?.();
  };
  const run = async () => {
    try {
      const duplex = await connect({ signal: attempt.signal });
      if (attempt.signal.aborted) return closeDuplex(duplex);
      end();
      resolve(duplex);
    } catch (error) {
      end();
      reject(error);
    }
  };
  run();
  return promise;
}

function tookTooLong(timeoutMs: number): TtrpcError {
  const message = `Cannot connect: no connection within ${timeoutMs} ms`;
  return new TtrpcError(message, Code.Unavailable, { requestSent: false });
}
