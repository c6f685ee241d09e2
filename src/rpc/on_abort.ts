/** What waits for signals, and shares one listener of each. */
const waiting = new WeakMap<AbortSignal, Set<() => void>>();

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
  const callbacks = waiting.get(signal) ?? listenTo(signal);
  callbacks.add(callback);
  return () => {
    if (callbacks.delete(callback) && callbacks.size === 0) stopListening(signal);
  };
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  waiting.set(signal, callbacks);
  signal.addEventListener("abort", callAll);
  return callbacks;
}

function stopListening(signal: AbortSignal): void {
  waiting.delete(signal);
  signal.removeEventListener("abort", callAll);
}

function callAll({ target }: Event): void {
  if (!(target instanceof AbortSignal)) return;
  const callbacks = waiting.get(target);
  stopListening(target);
  for (const callback of callbacks ?? []) callback();
}
