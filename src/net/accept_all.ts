import { Deadline } from "../rpc/deadline.ts";
import { watchBounds } from "../rpc/watch_bounds.ts";

/** Milliseconds until accepting is tried again when there were no file descriptors left. */
const PAUSE_MS = 100;

/**
 * Accepts connections until the listener is closed.
 *
 * A client that is gone before it was accepted is passed over. When the process or the system has no file
 * descriptors left, those who connect wait in the system's queue until there are some again.
 *
 * @param closed Aborts when the listener is closed.
 * @param onExhausted Told when descriptors run out, and not again before two connections in a row could be
 * accepted.
 */
export async function* acceptAll<Conn>(
  listener: AsyncIterable<Conn>,
  closed: AbortSignal,
  onExhausted: (error: unknown) => void,
): AsyncGenerator<Conn, void> {
  // Not with a loop of its own: leaving that would close the listener behind its owner's back.
  const conns = listener[Symbol.asyncIterator]();
  let isReported = false;
  let hasFailed = false;
  for (;;) {
    try {
      const next = await conns.next();
      if (next.done) return;
      isReported &&= hasFailed;
      hasFailed = false;
      yield next.value;
    } catch (error) {
      if (isClientGone(error)) continue;
      if (!isExhaustion(error)) throw error;
      if (!isReported) onExhausted(error);
      isReported = hasFailed = true;
      await pause(closed);
    }
  }
}

/** Waits for the next attempt, or until the listener is closed. */
async function pause(closed: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const bounds = { signal: closed, deadline: Deadline.afterMs(PAUSE_MS) };
  const forget = watchBounds(bounds, { aborted: resolve, deadlinePassed: resolve });
  await promise;
  forget();
}

function isClientGone(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected || error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted;
}

function isExhaustion(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EMFILE" || error.code === "ENFILE");
}
