import { fileURLToPath } from "node:url";

/** The path of a file or folder of `bench/peers`. */
export function pathOf(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}
