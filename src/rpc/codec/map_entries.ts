import { check } from "./check.ts";

/** The names of an object's entries, in the order in which protobuf-es writes them. */
export function keysOf(entries: unknown): string[] {
  check(typeof entries === "object" && entries !== null && !Array.isArray(entries));
  return Object.keys(entries);
}

/** A key of type bool, which an object has as text. */
export function boolKey(key: string): boolean {
  check(key === "true" || key === "false");
  return key === "true";
}

/** Sets an entry, also `__proto__` where that is a setter; in Deno it is one only by a flag. */
export function setEntry<Value>(entries: Record<string, Value>, key: string, value: Value): void {
  if (key !== "__proto__") {
    entries[key] = value;
  } else {
    Object.defineProperty(entries, key, { value, writable: true, enumerable: true, configurable: true });
  }
}
