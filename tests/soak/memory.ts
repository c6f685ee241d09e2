/** What a process holds. */
export interface Memory {
  /** Bytes of living objects; undefined where that is not known. */
  heapBytes?: number;
  /** Bytes that the system counts for it. */
  rssBytes: number;
}

/** Of this process; without what only waits to be collected, if Deno was told to `--expose-gc`. */
export function ownMemory(): Memory {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect === "function") collect();
  const { heapUsed, external, rss } = Deno.memoryUsage();
  return { heapBytes: heapUsed + external, rssBytes: rss };
}

/** Of another process. */
export async function memoryOf(pid: number): Promise<Memory> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return { rssBytes: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024 };
}
