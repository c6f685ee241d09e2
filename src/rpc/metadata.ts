/**
 * What {@linkcode Metadata} can be made of: a record, pairs, or another `Metadata`.
 *
 * @example The same, in four forms
 * ```ts
 * import { Metadata, type MetadataInit } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * const forms: MetadataInit[] = [
 *   { Tag: ["a", "b"] },
 *   [["tag", "a"], ["TAG", "b"]],
 *   new Map([["tag", "a"]]),
 *   new Metadata({ tag: "a" }),
 * ];
 * assertEquals(forms.map((form) => new Metadata(form).get("tag")), ["a", "a", "a", "a"]);
 * ```
 */
export type MetadataInit =
  | Readonly<Record<string, string | readonly string[]>>
  | Iterable<readonly [key: string, value: string]>;

/**
 * Keys and values that travel with a call, from client to server.
 *
 * Keys are lower-cased; their order and repeated keys are kept (PROTOCOL.md C5). Iterates as `[key, value]`.
 *
 * @example Usage
 * ```ts
 * import { Metadata } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * const metadata = new Metadata({ "Trace-Id": "7", tag: ["a", "b"] });
 * assertEquals(metadata.get("trace-id"), "7");
 * assertEquals(metadata.getAll("tag"), ["a", "b"]);
 * ```
 */
export class Metadata implements Iterable<[key: string, value: string]> {
  #pairs: [key: string, value: string][] = [];

  /** Makes metadata of `init`, or without any pair. */
  constructor(init: MetadataInit = []) {
    if (isIterable(init)) {
      for (const [key, value] of init) this.append(key, value);
      return;
    }
    for (const [key, value] of Object.entries(init)) {
      for (const one of typeof value === "string" ? [value] : value) this.append(key, one);
    }
  }

  /** How many pairs there are. */
  get size(): number {
    return this.#pairs.length;
  }

  /** The first value of a key; undefined if it has none. */
  get(key: string): string | undefined {
    return this.getAll(key)[0];
  }

  /** All values of a key, in their order. */
  getAll(key: string): string[] {
    const wanted = key.toLowerCase();
    return this.#pairs.filter(([key]) => key === wanted).map(([, value]) => value);
  }

  /** Whether a key has a value, an empty one included. */
  has(key: string): boolean {
    return this.getAll(key).length > 0;
  }

  /** Adds a value after those that the key has. */
  append(key: string, value: string): void {
    this.#pairs.push([key.toLowerCase(), value]);
  }

  /** Gives a key one value, at the end, in place of those that it has. */
  set(key: string, value: string): void {
    this.delete(key);
    this.append(key, value);
  }

  /** Removes a key with all its values. */
  delete(key: string): void {
    const unwanted = key.toLowerCase();
    this.#pairs = this.#pairs.filter(([key]) => key !== unwanted);
  }

  /** The pairs in their order. */
  [Symbol.iterator](): IterableIterator<[key: string, value: string]> {
    return this.#pairs.map(([key, value]): [string, string] => [key, value]).values();
  }
}

function isIterable(init: MetadataInit): init is Iterable<readonly [key: string, value: string]> {
  return Symbol.iterator in init;
}
