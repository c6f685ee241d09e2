import { equals } from "@std/bytes";

/** What must not happen: a call that ended otherwise than it had to. */
export class WrongAnswer extends Error {
  override readonly name = "WrongAnswer";
}

/** Holds a value against what it must be. */
export function expectEqual<T>(what: string, found: T, expected: T): void {
  if (found === expected) return;
  throw new WrongAnswer(`expected ${what} to be ${show(expected)}, found ${show(found)}`);
}

/** The same for bytes. */
export function expectBytes(what: string, found: Uint8Array, expected: Uint8Array): void {
  if (equals(found, expected)) return;
  expectEqual(`the length of ${what}`, found.length, expected.length);
  const at = found.findIndex((byte, i) => byte !== expected[i]);
  expectEqual(`byte ${at} of ${what}`, found[at], expected[at]);
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
