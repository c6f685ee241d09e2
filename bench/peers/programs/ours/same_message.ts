/** Whether two decoded messages, or values in them, are the same. */
export function isSameMessage(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Uint8Array) return b instanceof Uint8Array && isSameArray(a, b);
  if (Array.isArray(a)) return Array.isArray(b) && isSameArray(a, b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => isSameMessage(Reflect.get(a, key), Reflect.get(b, key)));
}

function isSameArray(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i] && !isSameMessage(a[i], b[i])) return false;
  }
  return true;
}
