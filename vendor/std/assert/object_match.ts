import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { difference, explain } from "./explain.ts";

/**
 * Asserts that an object has at least the properties of another one, in depth. What else it has does not
 * matter, nor of which class it is; an array must begin with the expected elements. Sets and maps must be
 * equal.
 *
 * @param actual The object that came out.
 * @param expected The properties it should have.
 * @param msg What to add to the message.
 * @throws {AssertionError} If one is missing or differs; its message shows where.
 */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any -- the real signature; `unknown` would refuse interfaces
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  const picked = pick(actual, expected, []);
  if (equal(picked, pick(expected, expected, []))) return;
  throw new AssertionError(`${explain("The object does not match", msg)}\n${difference(picked, expected)}`);
}

/** A plain copy of the part of `value` that `pattern` speaks of. */
function pick(value: unknown, pattern: unknown, open: [unknown, unknown, object][]): unknown {
  const known = open.find(([v, p]) => v === value && p === pattern);
  if (known) return known[2];
  if (isPlain(value) && isPlain(pattern)) {
    const picked: Record<PropertyKey, unknown> = {};
    open.push([value, pattern, picked]);
    for (const key of Reflect.ownKeys(pattern)) {
      if (key in value) picked[key] = pick(Reflect.get(value, key), Reflect.get(pattern, key), open);
    }
    return picked;
  }
  if (Array.isArray(value) && Array.isArray(pattern)) {
    const picked: unknown[] = [];
    open.push([value, pattern, picked]);
    value.slice(0, pattern.length).forEach((item, i) => picked.push(pick(item, pattern[i], open)));
    return picked;
  }
  return value;
}

/** Objects that are compared by their properties alone. */
function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !ArrayBuffer.isView(value) &&
    ![ArrayBuffer, Date, Error, Map, Promise, RegExp, Set, URL].some((type) => value instanceof type);
}
