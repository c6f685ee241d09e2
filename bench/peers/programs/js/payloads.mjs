// deno-lint-ignore-file explicit-module-boundary-types -- the types of JavaScript stand in comments
// What is sent, and the check of what comes: the same in every language.

const KINDS = 16;

/** @type {Map<number, Uint8Array<ArrayBuffer>[]>} */
const made = new Map();

/**
 * The sixteen payloads of a size, made once; payload k has the bytes (31 * k + i) & 0xff.
 *
 * @returns {Uint8Array<ArrayBuffer>[]}
 */
export function payloadsOf(/** @type {number} */ size) {
  const payloads = made.get(size) ?? Array.from({ length: KINDS }, (_, k) => makePayload(k, size));
  made.set(size, payloads);
  return payloads;
}

function makePayload(/** @type {number} */ k, /** @type {number} */ size) {
  const payload = new Uint8Array(size);
  for (let i = 0; i < Math.min(size, 256); i++) payload[i] = 31 * k + i;
  for (let filled = 256; filled < size; filled *= 2) payload.copyWithin(filled, 0, filled);
  return payload;
}

/**
 * The payload of message n.
 *
 * @returns {any}
 */
export function payloadAt(/** @type {Uint8Array[]} */ payloads, /** @type {number} */ n) {
  return payloads[n & (KINDS - 1)];
}

/** `count` messages, one after the other. */
export function* messages(/** @type {Uint8Array[]} */ payloads, /** @type {number} */ count) {
  for (let n = 0; n < count; n++) yield { data: payloadAt(payloads, n) };
}

/** Checks all bytes of a small payload, and the length and each 509th byte of a large one. */
export function requireSame(/** @type {Uint8Array} */ actual, /** @type {Uint8Array} */ expected) {
  const { length } = expected;
  const step = length <= 256 ? 1 : 509;
  let isSame = actual.length === length;
  for (let i = 0; isSame && i < length; i += step) isSame = actual[i] === expected[i];
  if (!isSame) throw new Error(`Got another payload of ${actual.length} bytes than was sent`);
}

/** Checks messages as they come, and counts them. */
export class MessageCheck {
  count = 0;
  /** @type {Uint8Array[]} */
  #payloads = [];

  next(/** @type {Uint8Array} */ data) {
    if (this.#payloads[0]?.length !== data.length) this.#payloads = payloadsOf(data.length);
    requireSame(data, payloadAt(this.#payloads, this.count++));
  }
}
