import { isMarked } from "./marks.ts";

/** Where the system shows control groups. */
export const CGROUPS = "/sys/fs/cgroup";

/** Where shims, runc and containerd's tools keep what belongs to a container, and how many folders deep. */
const ROOTS: readonly (readonly [folder: string, depth: number])[] = [
  // Sockets, fifos, and what runc knows of a container.
  ["/run/containerd", 3],
  ["/run/runc", 1],
  [CGROUPS, Infinity],
];

/** What has a mark in its name where containers leave something; what is in such a folder goes with it. */
export function findFiles(words: readonly string[]): string[] {
  return ROOTS.flatMap(([folder, depth]) => findIn(folder, depth, words));
}

/** All that is in a folder and in its folders, each folder before what is in it. */
export function filesIn(folder: string): string[] {
  return listing(folder).flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? [path, ...filesIn(path)] : [path];
  });
}

/** The folders among them. */
export function foldersIn(folder: string): string[] {
  return filesIn(folder).filter((path) => Deno.lstatSync(path).isDirectory);
}

/** A path with its kind before it; nothing if it is gone. */
export function describeFile(path: string): string[] {
  try {
    const { isFifo, isSocket, isDirectory } = Deno.lstatSync(path);
    return [`${isFifo ? "fifo" : isSocket ? "socket" : isDirectory ? "folder" : "file"} ${path}`];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Whether there is such a path, be it a link to nowhere. */
export function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function findIn(folder: string, depth: number, words: readonly string[]): string[] {
  return listing(folder).flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isMarked(name, words)) return [path];
    return isDirectory && depth > 1 ? findIn(path, depth - 1, words) : [];
  });
}

function listing(folder: string): Deno.DirEntry[] {
  try {
    return Array.from(Deno.readDirSync(folder));
  } catch (error) {
    // Others take their folders away while this one looks, or do not let it look.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return [];
    throw error;
  }
}

/** The names in a folder; none if it is not there. */
export function namesIn(folder: string): string[] {
  return listing(folder).map(({ name }) => name);
}
