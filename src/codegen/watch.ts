/** How long nothing may happen before a burst of changes counts as over. */
const QUIET_MS = 50;

/**
 * Watches folders for changes of their `.proto` files, from the call on.
 *
 * @returns The files that changed, once for each burst of changes; what changes during a step of the loop
 * over it comes with the next one. It ends when `signal` aborts.
 * @throws {Deno.errors.NotFound} If there is no such folder.
 */
export function watchProtos(folders: string[], signal: AbortSignal): AsyncIterable<string[]> {
  const watcher = Deno.watchFs(folders);
  signal.addEventListener("abort", () => watcher.close(), { once: true });
  return bursts(watcher);
}

async function* bursts(events: AsyncIterable<Deno.FsEvent>): AsyncGenerator<string[]> {
  const iterator = events[Symbol.asyncIterator]();
  let changed = new Set<string>();
  let next = iterator.next();
  while (true) {
    const result = changed.size === 0 ? await next : await orQuiet(next);
    if (result === undefined) {
      yield [...changed];
      changed = new Set();
      continue;
    }
    if (result.done) return;
    for (const path of result.value.paths) if (isChange(result.value.kind, path)) changed.add(path);
    next = iterator.next();
  }
}

/** What the promise gives, or undefined when it takes too long. */
async function orQuiet<T>(promise: Promise<T>): Promise<T | undefined> {
  const quiet = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => quiet.resolve(undefined), QUIET_MS);
  try {
    return await Promise.race([promise, quiet.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function isChange(kind: Deno.FsEvent["kind"], path: string): boolean {
  return kind !== "access" && (path.endsWith(".proto") || isFolder(path));
}

/** A folder that comes with files in it is all that is heard of them. */
function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // It is gone again, or not to be read, and its files are neither.
  }
}
