const GUARD_MS = 20_000;

/** Waits for a promise; one that does not settle is an error. */
export async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  const { promise: guard, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Hangs: ${what}`)), GUARD_MS);
  try {
    return await Promise.race([promise, guard]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until something holds that no event tells of. */
export async function until(what: () => string, holds: () => boolean): Promise<void> {
  const start = performance.now();
  while (!holds()) {
    if (performance.now() - start > GUARD_MS) throw new Error(`Does not come about: ${what()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
