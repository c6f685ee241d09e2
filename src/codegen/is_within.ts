import { resolve, sep } from "node:path";

/** Tells whether a path is that of a folder itself, or of something below it. */
export function isWithin(folder: string, path: string): boolean {
  return `${resolve(path)}${sep}`.startsWith(`${resolve(folder)}${sep}`);
}
