import { AssertionError } from "@std/assert";
import { openDescriptors } from "./descriptors.ts";
import { describeFile, filesIn, findFiles } from "./files.ts";
import { type Marks, wordsOf } from "./marks.ts";
import { findMounts } from "./mounts.ts";
import { findProcesses } from "./processes.ts";
import { findUnixSockets } from "./unix_sockets.ts";
import { VANISH_WITHIN_MS, vanishes } from "./vanishing.ts";

/** What there is, of all that containers and shims may leave behind. */
export interface Snapshot {
  /** What was looked for. */
  readonly marks: Marks;
  /** What was found, each in a line. */
  readonly things: readonly string[];
}

/**
 * Looks for what bears a mark: processes, mounts, sockets, cgroups and what runc knows of a container; for all
 * that is in the folders; and for what this process has open.
 */
export function takeSnapshot(marks: Marks): Snapshot {
  const words = wordsOf(marks);
  const files = [...findFiles(words), ...(marks.folders ?? []).flatMap(filesIn)];
  const things = [
    ...findProcesses(words).map(({ pid, command }) => `process ${pid}: ${command}`),
    ...findMounts(words).map((path) => `mount ${path}`),
    ...files.flatMap(describeFile),
    ...findUnixSockets(words).map((path) => `open socket ${path}`),
    ...openDescriptors().map((name) => `descriptor ${name}`),
  ];
  return { marks, things };
}

/** What is in a snapshot and not in an earlier one. */
export function compareSnapshots(before: Snapshot, after: Snapshot): string[] {
  const known = [...before.things];
  return after.things.filter((thing) => {
    const index = known.indexOf(thing);
    if (index >= 0) known.splice(index, 1);
    return index < 0;
  });
}

/** Options for {@linkcode assertNothingLeft}. */
export interface AssertNothingLeftOptions {
  /**
   * How long what is about to end may take.
   *
   * @default {10_000}
   */
  withinMs?: number;
}

/**
 * Asserts that all is gone that has come since a snapshot. A process that was told to end is given time.
 *
 * @throws {AssertionError} If something stays, as a rejection that says what.
 */
export async function assertNothingLeft(
  before: Snapshot,
  { withinMs = VANISH_WITHIN_MS }: AssertNothingLeftOptions = {},
): Promise<void> {
  const left = await vanishes(() => compareSnapshots(before, takeSnapshot(before.marks)), withinMs);
  if (left.length > 0) throw new AssertionError(["Left behind:", ...left].join("\n  "));
}
