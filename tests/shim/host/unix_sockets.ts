import { isMarked } from "./marks.ts";

/** The paths of open sockets with a mark in them, whether there is still a file or not. */
export function findUnixSockets(words: readonly string[]): string[] {
  return Deno.readTextFileSync("/proc/net/unix").trimEnd().split("\n")
    // Seven columns stand before the path.
    .map((line) => line.split(/ +/).slice(7).join(" "))
    .filter((path) => isMarked(path, words));
}
