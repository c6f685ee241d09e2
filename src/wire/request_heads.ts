import { METHOD_TAG, type RequestHead, SERVICE_TAG } from "./request_envelope.ts";

/** What belongs to a method. */
interface Entry<Value> {
  readonly head: RequestHead;
  readonly value: Value;
}

/**
 * Finds what belongs to a method by the bytes that its Requests begin with: to decode two names takes longer
 * than all else that a server does for a small call.
 *
 * What is found is right, since its bytes are compared. A Request that names its method in another way, as
 * protobuf lets it, is not found. Only `add` makes it grow, so a peer can't.
 */
export class RequestHeads<Value> {
  readonly #byHash = new Map<number, Entry<Value>[]>();
  /** A peer's names are not hashed if they are longer than any that is known. */
  #longest = 0;

  /** Adds what belongs to a method. */
  add(head: RequestHead, value: Value): void {
    const { bytes } = head;
    const hash = hashOf(bytes, bytes.length);
    const entries = this.#byHash.get(hash) ?? [];
    entries.push({ head, value });
    this.#byHash.set(hash, entries);
    this.#longest = Math.max(this.#longest, bytes.length);
  }

  /**
   * Finds what belongs to the method of a Request.
   *
   * @returns Undefined if its names have to be decoded to find it, or to know that there is none.
   */
  find(body: Uint8Array): Value | undefined {
    const length = headBytes(body);
    if (length > this.#longest || length > body.length) return undefined;
    const entries = this.#byHash.get(hashOf(body, length));
    if (entries === undefined) return undefined;
    for (const { head, value } of entries) if (beginsWith(body, head.bytes)) return value;
    return undefined;
  }
}

/** How many bytes service and method take where they stand first, in that order; else any number. */
function headBytes(body: Uint8Array): number {
  return textEnd(body, textEnd(body, 0, SERVICE_TAG), METHOD_TAG);
}

/** The index after a text of up to 16 383 bytes; longer ones are left to be decoded. */
function textEnd(body: Uint8Array, at: number, tag: number): number {
  if (body[at] !== tag) return Infinity;
  const low = body[at + 1] ?? 0;
  if (low < 0x80) return at + 2 + low;
  const high = body[at + 2] ?? 0;
  return at + 3 + low + 0x80 * (high - 1);
}

function hashOf(bytes: Uint8Array, length: number): number {
  let hash = 0;
  for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + (bytes[i] ?? 0)) | 0;
  return hash;
}

function beginsWith(body: Uint8Array, head: Uint8Array): boolean {
  if (body.length < head.length) return false;
  for (let i = 0; i < head.length; i++) if (body[i] !== head[i]) return false;
  return true;
}
