/**
 * Names a value of type `T` that travels with a call inside one process.
 *
 * @example From an interceptor to a handler
 * ```ts
 * import { createContextKey, createRouterTransport } from "@ttrpc/ttrpc";
 * import type { ContextKey, HandlerContext, Interceptor } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const user: ContextKey<string> = createContextKey("nobody");
 * const whoCalls: Interceptor = (next) => (request) => {
 *   request.contextValues.set(user, request.metadata.get("user") ?? user.defaultValue);
 *   return next(request);
 * };
 *
 * const hello = (_: unknown, { contextValues }: HandlerContext) => ({ text: contextValues.get(user) });
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello }),
 *   { server: { interceptors: [whoCalls] } },
 * );
 * const { text } = await createGreeterClient(transport).hello({}, { metadata: { user: "ada" } });
 * assertEquals(text, "ada");
 * ```
 */
export interface ContextKey<T> {
  /** Tells keys apart; its description is for people. */
  readonly id: symbol;
  /** What a call has that was given no value. */
  readonly defaultValue: T;
}

/**
 * Options for {@linkcode createContextKey}.
 *
 * @example A key that can be told from others
 * ```ts
 * import { type ContextKeyOptions, createContextKey } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * const options: ContextKeyOptions = { description: "who calls" };
 * assertEquals(String(createContextKey("nobody", options).id), "Symbol(who calls)");
 * ```
 */
export interface ContextKeyOptions {
  /** What the key is for, as people see it when they debug. */
  description?: string;
}

/**
 * Values that travel with a call from whoever makes it through all interceptors, and on a server to the
 * handler. They never go over the wire: that is what {@linkcode Metadata} is for.
 *
 * @example An interceptor that a call can turn off
 * ```ts
 * import { createContextKey, createContextValues, createRouterTransport } from "@ttrpc/ttrpc";
 * import type { ContextValues, Interceptor } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const isQuiet = createContextKey(false);
 * const lines: string[] = [];
 * const log: Interceptor = (next) => (request) => {
 *   if (!request.contextValues.get(isQuiet)) lines.push(request.method.name);
 *   return next(request);
 * };
 *
 * await using transport = createRouterTransport(
 *   (router) => registerGreeter(router, { hello: () => ({ text: "Hello" }) }),
 *   { transport: { interceptors: [log] } },
 * );
 * const contextValues: ContextValues = createContextValues().set(isQuiet, true);
 * await createGreeterClient(transport).hello({}, { contextValues });
 * assertEquals(lines, []);
 * ```
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
 * @example For the interceptors of a call
 * ```ts
 * import { type CallOptions, createContextKey, createContextValues } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * const attempts = createContextKey(1, { description: "how often a call is tried" });
 * const options: CallOptions = { contextValues: createContextValues().set(attempts, 3) };
 * assertEquals(options.contextValues?.get(attempts), 3);
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
