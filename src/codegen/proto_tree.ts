import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { isWithin } from "./is_within.ts";

/** What is in some folders of protos, wherever links in them lead. */
export interface ProtoTree {
  /** The text of each `.proto` file, by its path. */
  texts: Map<string, string>;
  /** All folders in which something can happen that changes it: where the files are, and around that. */
  folders: Set<string>;
}

/** Reads all `.proto` files of some folders. A folder that is not there has none. */
export function readProtos(folders: string[]): ProtoTree {
  const tree: ProtoTree = { texts: new Map(), folders: new Set() };
  for (const folder of folders) visit(folder, tree);
  for (const path of folders.flatMap((folder) => around(resolve(folder)))) {
    if (existsSync(path)) tree.folders.add(path);
  }
  return tree;
}

function visit(folder: string, tree: ProtoTree): void {
  const target = ifThere(() => Deno.realPathSync(folder));
  // One that was visited already may be a link's target, and the link may lie in it.
  if (target === undefined || tree.folders.has(target)) return;
  tree.folders.add(target);
  for (const { name } of ifThere(() => [...Deno.readDirSync(folder)]) ?? []) {
    const path = join(folder, name);
    if (ifThere(() => Deno.statSync(path))?.isDirectory) visit(path, tree);
    else if (name.endsWith(".proto")) readProto(path, tree);
  }
}

function readProto(path: string, tree: ProtoTree): void {
  const target = ifThere(() => Deno.realPathSync(path));
  const text = ifThere(() => Deno.readTextFileSync(path));
  if (target === undefined || text === undefined) return;
  tree.texts.set(path, text);
  tree.folders.add(dirname(target));
}

/** The folders to hear from that one was removed, moved or made again: in the working directory, all above it. */
function around(folder: string): string[] {
  const parent = dirname(folder);
  if (parent === folder || folder === resolve()) return [];
  return [parent, ...(isWithin("", parent) || !existsSync(parent) ? around(parent) : [])];
}

function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined; // Gone meanwhile, a link to nowhere, or not to be read: that is the compiler's to say.
  }
}
