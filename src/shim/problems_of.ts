/** Waits for all that is given, and tells what went wrong. */
export async function problemsOf(promises: Iterable<Promise<unknown>>): Promise<unknown[]> {
  const results = await Promise.allSettled(promises);
  return results.flatMap((result) => result.status === "rejected" ? [result.reason] : []);
}
