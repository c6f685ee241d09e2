/**
 * Calls a function of the user's in a turn of its own, so that it never meets a change half made. What it
 * throws, or rejects with, is printed: it must end neither a connection nor the process.
 */
export function callBack(callback: () => unknown): void {
  Promise.resolve().then(callback).catch((error) => console.error(error));
}
