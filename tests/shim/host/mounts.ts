import { isMarked } from "./marks.ts";

/** The places below `/` where something with a mark in its path is mounted, the last one first. */
export function findMounts(words: readonly string[]): string[] {
  return Deno.readTextFileSync("/proc/self/mountinfo").trimEnd().split("\n")
    .map((line) => decode(line.split(" ")[4] ?? ""))
    .filter((path) => isMarked(path, words))
    .reverse();
}

/** Unmounts a place. */
export async function unmount(path: string): Promise<void> {
  await new Deno.Command("umount", { args: [path], stdin: "null", stdout: "null", stderr: "null" }).output();
}

/** Spaces and the like are written in octal digits. */
function decode(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits) => String.fromCharCode(parseInt(digits, 8)));
}
