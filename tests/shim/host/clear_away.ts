import { CGROUPS, findFiles, foldersIn, isThere } from "./files.ts";
import { type Marks, wordsOf } from "./marks.ts";
import { findMounts, unmount } from "./mounts.ts";
import { findProcesses } from "./processes.ts";
import { vanishes } from "./vanishing.ts";

/**
 * Ends by force whatever bears a mark and is still there, as after a test that failed, and removes the folders.
 *
 * @throws {Error} If something stays, as a rejection.
 */
export async function clearAway(marks: Marks): Promise<void> {
  const words = wordsOf(marks);
  const left = await vanishes(async () => {
    const processes = findProcesses(words);
    for (const { pid } of processes) attempt(() => Deno.kill(pid, "SIGKILL"));
    for (const path of findMounts(words)) await unmount(path);
    const files = [...findFiles(words), ...(marks.folders ?? []).filter(isThere)];
    for (const path of files) attempt(() => remove(path));
    return [...processes.map(({ command }) => command), ...findMounts(words), ...files.filter(isThere)];
  });
  if (left.length > 0) throw new Error(`Cannot clear away:\n${left.join("\n")}`);
}

/** What does not succeed now is still found, and attempted again. */
function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // It is gone, or not yet free.
  }
}

/** Removes a file or a folder, but never what is mounted in it. */
function remove(path: string): void {
  if (findMounts([path]).length > 0) return;
  if (!path.startsWith(CGROUPS)) return Deno.removeSync(path, { recursive: true });
  // The files of a cgroup go with it.
  for (const folder of [...foldersIn(path).reverse(), path]) Deno.removeSync(folder);
}
