import { explain } from "./codegen_error.ts";
import { type ProtoTree, readProtos } from "./proto_tree.ts";

/** How long nothing may happen before a burst of changes counts as over. */
const QUIET_MS = 50;

/**
 * Watches folders for changes of their `.proto` files, from the call on. Folders may be removed and made
 * again, and links are followed.
 *
 * @returns The files that changed, once for each burst of changes; what changes during a step of the loop
 * over it comes with the next one. It ends when `signal` aborts.
 * @throws {CodegenError} While it is looped over, if the system refuses to watch the folders.
 */
export function watchProtos(folders: string[], signal: AbortSignal): AsyncIterable<string[]> {
  return changes(folders, readProtos(folders), signal);
}

async function* changes(folders: string[], before: ProtoTree, signal: AbortSignal): AsyncGenerator<string[]> {
  // What changed is seen from the files; events only tell when to look. A folder that was made again is
  // another one for a watcher, so that each look gets its own.
  while (!signal.aborted) {
    using watcher = await explain("watch", folders.join(", "), () => watchFolders(before));
    const now = readProtos(folders);
    const changed = changedPaths(before.texts, now.texts);
    const isWatched = watcher !== undefined && before.folders.symmetricDifference(now.folders).size === 0;
    before = now;
    if (changed.length > 0) yield changed;
    else if (isWatched && !signal.aborted) await burst(watcher, signal);
  }
}

async function watchFolders({ folders }: ProtoTree): Promise<Deno.FsWatcher | undefined> {
  try {
    return await Deno.watchFs([...folders], { recursive: false });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined; // One of them went away meanwhile.
    throw error;
  }
}

function changedPaths(before: Map<string, string>, now: Map<string, string>): string[] {
  const paths = new Set([...before.keys(), ...now.keys()]);
  return [...paths].filter((path) => before.get(path) !== now.get(path)).sort();
}

/** Waits for something to happen, and for the quiet after it. */
async function burst(watcher: Deno.FsWatcher, signal: AbortSignal): Promise<void> {
  const close = () => watcher[Symbol.dispose]();
  signal.addEventListener("abort", close);
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const { kind, paths } of watcher) {
    if (kind === "access" || kind === "modify" && !paths.some((path) => path.endsWith(".proto"))) continue;
    clearTimeout(timer);
    timer = setTimeout(close, QUIET_MS);
  }
  clearTimeout(timer);
  signal.removeEventListener("abort", close);
}
