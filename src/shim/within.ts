import { CallBounds } from "../client/call_bounds.ts";
import type { CallOptions } from "../rpc/call_options.ts";

/**
 * Waits for something no longer than a caller does, and lets it go on.
 *
 * @param start Begins it; not called if the caller waits no longer already.
 * @throws {TtrpcError} With code 1 or 4 if the caller waits no longer, as a rejection.
 */
export async function within<T>(start: () => Promise<T>, options: CallOptions): Promise<T> {
  const bounds = new CallBounds(options, Infinity);
  const { promise: over, reject } = Promise.withResolvers<never>();
  let isOver = false;
  const giveUp = (reason: unknown) => {
    isOver = true;
    reject(reason);
  };
  bounds.begin({
    aborted: () => giveUp(bounds.abortError(true)),
    deadlinePassed: () => giveUp(bounds.deadlineError(true)),
  });
  try {
    return await (isOver ? over : Promise.race([start(), over]));
  } finally {
    bounds.end();
  }
}
