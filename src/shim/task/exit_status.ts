import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { exitedAt } from "./exited_at.ts";

/**
 * How a process has ended.
 *
 * @example A word about it
 * ```ts
 * import type { ExitStatus } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * function tell({ exitStatus }: ExitStatus): string {
 *   return exitStatus > 128 ? `ended by signal ${exitStatus - 128}` : `ended with ${exitStatus}`;
 * }
 *
 * assertEquals(tell({ exitStatus: 137, exitedAt: undefined }), "ended by signal 9");
 * ```
 */
export interface ExitStatus {
  /** Its exit code, or 128 and the number of the signal that has ended it. */
  exitStatus: number;
  /** When it has ended; undefined if the shim does not know. */
  exitedAt: Date | undefined;
}

/** What a shim's answer tells of the end of a process. */
export function exitStatusOf(reply: { exitStatus: number; exitedAt?: Timestamp | undefined }): ExitStatus {
  return { exitStatus: reply.exitStatus, exitedAt: exitedAt(reply.exitedAt) };
}
