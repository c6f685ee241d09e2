/**
 * A macrotask, so that reading, timers and other calls get their turn; `setTimeout` would take milliseconds.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
