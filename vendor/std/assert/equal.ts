/** Pairs that are being compared further out; a cycle comes back to one of them. */
type Open = [a: object, b: object][];

/**
 * Tells if two values are equal in depth.
 *
 * Primitives are compared with `Object.is`, so `NaN` equals itself and `-0` is not `0`. Objects must have the
 * same constructor and the same enumerable properties; the elements of sets and maps may stand in any order.
 * Functions, promises and weak collections equal only themselves.
 *
 * @param a One value.
 * @param b The other.
 */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, []);
}

function compare(a: unknown, b: unknown, open: Open): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (constructorOf(a) !== constructorOf(b)) return false;
  if (open.some(([x, y]) => x === a && y === b)) return true;
  const elements = elementsOf(a);
  if (elements !== undefined) return compareElements(elements, elementsOf(b));
  open.push([a, b]);
  const same = compareContent(a, b, open) && compareProperties(a, b, open);
  open.pop();
  return same;
}

function constructorOf(value: object): unknown {
  return Object.getPrototypeOf(value)?.constructor ?? Object;
}

/** The numbers in a typed array, a view or a buffer; nothing for any other object. */
function elementsOf(value: object): ArrayLike<unknown> | undefined {
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value);
  if (value instanceof DataView) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return ArrayBuffer.isView(value) ? value as ArrayBufferView & ArrayLike<unknown> : undefined;
}

function compareElements(a: ArrayLike<unknown>, b: ArrayLike<unknown> | undefined): boolean {
  if (b === undefined || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (!Object.is(a[i], b[i])) return false;
  }
  return true;
}

/** What an object holds beside its properties. */
function compareContent(a: object, b: object, open: Open): boolean {
  if (a instanceof Set && b instanceof Set) return matchAll([...a], [...b], open);
  if (a instanceof Map && b instanceof Map) return matchAll([...a], [...b], open);
  if (a instanceof Error && b instanceof Error) {
    return a.name === b.name && a.message === b.message && compare(a.cause, b.cause, open);
  }
  if (a instanceof RegExp || a instanceof URL) return String(a) === String(b);
  if (isBoxed(a)) return Object.is(a.valueOf(), b.valueOf());
  return !isOpaque(a);
}

function compareProperties(a: object, b: object, open: Open): boolean {
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  const keys = enumerableKeys(a);
  return keys.length === enumerableKeys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && compare(Reflect.get(a, key), Reflect.get(b, key), open));
}

function enumerableKeys(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
}

/** Tells if every value has a partner of its own among the others. */
function matchAll(values: unknown[], others: unknown[], open: Open): boolean {
  if (values.length !== others.length) return false;
  const left = [...others];
  return values.every((value) => {
    const at = left.findIndex((other) => compare(value, other, open));
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
}

function isBoxed(value: object): boolean {
  return value instanceof Date || value instanceof Number || value instanceof String ||
    value instanceof Boolean || value instanceof BigInt || value instanceof Symbol;
}

function isOpaque(value: object): boolean {
  return value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet ||
    value instanceof WeakRef;
}
