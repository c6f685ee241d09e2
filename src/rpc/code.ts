/**
 * How a call ended. The numbers are those of gRPC; a peer may send others, and they are kept.
 *
 * @example Is it safe to make a failed call again?
 * ```ts
 * import { Code, TtrpcError } from "@ttrpc/ttrpc";
 * import { assert } from "@std/assert";
 *
 * function isSafeToRepeat(error: unknown): boolean {
 *   if (!(error instanceof TtrpcError)) return false;
 *   return error.code === Code.Aborted || error.code === Code.Unavailable && !error.requestSent;
 * }
 *
 * assert(isSafeToRepeat(new TtrpcError("Lost against another call", Code.Aborted)));
 * ```
 */
export enum Code {
  /** The call succeeded. Never the code of an error. */
  Ok = 0,
  /** The caller gave the call up. */
  Canceled = 1,
  /** An error without a code of its own, such as whatever else a handler throws. */
  Unknown = 2,
  /** The request is wrong, whatever state the server is in. */
  InvalidArgument = 3,
  /** The deadline passed before the call ended. */
  DeadlineExceeded = 4,
  /** What the request names does not exist. */
  NotFound = 5,
  /** What the request wants to make exists already. */
  AlreadyExists = 6,
  /** The caller is known, and may not do this. */
  PermissionDenied = 7,
  /** A limit was reached, such as that of a message's size. */
  ResourceExhausted = 8,
  /** The server is not in the state that the call needs. */
  FailedPrecondition = 9,
  /** The call lost against another one, and may be tried again from its beginning. */
  Aborted = 10,
  /** The request goes past the end of something. */
  OutOfRange = 11,
  /** There is no such service or method, or it has no implementation. */
  Unimplemented = 12,
  /** Something that must always hold does not, such as that a message can be decoded. */
  Internal = 13,
  /** The server can't be reached, or the connection to it was lost. */
  Unavailable = 14,
  /** Data are lost for good. */
  DataLoss = 15,
  /** The caller did not prove who it is. */
  Unauthenticated = 16,
}

/**
 * A code's name as people write it, such as `not_found`; `code 4711` for a number that has none.
 *
 * @example Usage
 * ```ts
 * import { Code, codeToString, TtrpcError } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(codeToString(Code.NotFound), "not_found");
 * assertEquals(codeToString(new TtrpcError("A peer's own code", 4711).code), "code 4711");
 * ```
 */
export function codeToString(code: Code): string {
  const name: string | undefined = Code[code];
  if (name === undefined) return `code ${code}`;
  return name.slice(0, 1).toLowerCase() +
    name.slice(1).replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());
}
