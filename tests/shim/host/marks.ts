import { createHash } from "node:crypto";
import { join } from "node:path/posix";

/** What tells a test's own containers from all others. */
export interface Marks {
  /** Ids of containers. */
  readonly ids: readonly string[];
  /**
   * Folders of the test's own.
   *
   * @default {[]}
   */
  readonly folders?: readonly string[];
  /**
   * The addresses that shims were given for containerd's.
   *
   * @default {[""]}
   */
  readonly addresses?: readonly string[];
  /**
   * The namespaces of the containers.
   *
   * @default {["default"]}
   */
  readonly namespaces?: readonly string[];
}

/** Words that nothing else on this machine has in its name: ids, folders, and what a shim calls its sockets. */
export function wordsOf({ ids, folders = [], addresses = [""], namespaces = ["default"] }: Marks): string[] {
  const sockets = addresses.flatMap((address) =>
    namespaces.flatMap((namespace) => ids.map((id) => join(address, namespace, id)))
  );
  return [...ids, ...folders, ...sockets.flatMap((path) => [sha256(path), sha256(`${path}/debug`)])];
}

/** Whether a text has one of the words. */
export function isMarked(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
