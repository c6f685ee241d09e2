/** Names a value of type `T` that travels with a call inside one process. */
export interface ContextKey<T> {
  /** Tells keys apart; its description is for people. */
  readonly id: symbol;
  /** What a call has that was given no value. */
  readonly defaultValue: T;
}

/** Options for {@linkcode createContextKey}. */
export interface ContextKeyOptions {
  /** What the key is for, as people see it when they debug. */
  description?: string;
}

/**
 * Values that travel with a call from whoever makes it through all interceptors, and on a server to the
 * handler. They never go over the wire: that is what {@linkcode Metadata} is for.
 */
export interface ContextValues {
  /** The value of a key, or the key's default. */
  get<T>(key: ContextKey<T>): T;
  /** Gives a key a value. */
  set<T>(key: ContextKey<T>, value: T): this;
  /** Takes a key's value away, so that it has its default again. */
  delete(key: ContextKey<unknown>): this;
}

/**
 * Makes a key; no two are the same.
 *
 * @param defaultValue What a call has that was given no value.
 *
 * @example Usage
 * ```ts
 * import { createContextKey, createContextValues } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * const user = createContextKey("nobody", { description: "who calls" });
 * const values = createContextValues();
 * assertEquals(values.get(user), "nobody");
 * assertEquals(values.set(user, "ada").get(user), "ada");
 * ```
 */
export function createContextKey<T>(defaultValue: T, options: ContextKeyOptions = {}): ContextKey<T> {
  return { id: Symbol(options.description), defaultValue };
}

/**
 * Makes context values, all of them defaults.
 *
 * @example To a call
 * ```ts
 * import { createContextKey, createContextValues } from "@ttrpc/ttrpc";
 *
 * const attempts = createContextKey(1, { description: "how often a call is tried" });
 * const options = { contextValues: createContextValues().set(attempts, 3) };
 * ```
 */
export function createContextValues(): ContextValues {
  return new ContextMap();
}

class ContextMap implements ContextValues {
  readonly #values = new Map<symbol, unknown>();

  get<T>(key: ContextKey<T>): T {
    // Only `set` puts values in, and it takes none but of the key's type.
    return this.#values.has(key.id) ? this.#values.get(key.id) as T : key.defaultValue;
  }

  set<T>(key: ContextKey<T>, value: T): this {
    this.#values.set(key.id, value);
    return this;
  }

  delete(key: ContextKey<unknown>): this {
    this.#values.delete(key.id);
    return this;
  }
}
