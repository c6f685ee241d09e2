/** What has not vanished by then stays. */
export const VANISH_WITHIN_MS = 10_000;
/** How often it is looked for: nobody tells when a process of another program, or what it leaves, is gone. */
const LOOK_EVERY_MS = 20;

/**
 * Waits until nothing is found any more.
 *
 * @returns What is still there when the time is over.
 */
export async function vanishes<T>(
  find: () => T[] | Promise<T[]>,
  withinMs: number = VANISH_WITHIN_MS,
): Promise<T[]> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await find();
    if (found.length === 0 || performance.now() >= end) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
