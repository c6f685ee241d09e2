/** What waits for one signal, on the one listener that it has for all. */
interface Waiting {
  callbacks: Set<() => void>;
  stop: () => void;
}

const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls back once when a signal aborts.
 *
 * With a listener for each, thousands of calls with one signal would take long: the signal looks at all that
 * it has before it takes another one.
 *
 * @param callback Not waiting for this signal already.
 * @returns A function that forgets the callback.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const { callbacks, stop } = waiting.get(signal) ?? listenTo(signal);
  callbacks.add(callback);
  return () => {
    if (callbacks.delete(callback) && callbacks.size === 0) stop();
  };
}

function listenTo(signal: AbortSignal): Waiting {
  const callbacks = new Set<() => void>();
  const stop = () => {
    waiting.delete(signal);
    signal.removeEventListener("abort", callAll);
  };
  const callAll = () => {
    stop();
    for (const callback of callbacks) callSafely(callback);
  };
  signal.addEventListener("abort", callAll);
  const added = { callbacks, stop };
  waiting.set(signal, added);
  return added;
}

/** What one callback throws must not keep the others from being called. */
function callSafely(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    reportError(error);
  }
}
