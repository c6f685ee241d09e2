import { varintBytes, writeVarint } from "../../wire/protobuf_writer.ts";

/** Up to so many bytes a loop is faster than a call of `set`. */
const SHORT_BYTES = 48;

/** How many bytes a field of bytes takes with its length. */
export function sizeOfBytes(bytes: Uint8Array): number {
  return varintBytes(bytes.length) + bytes.length;
}

/** Writes bytes with their length. */
export function writeBytes(out: Uint8Array, at: number, bytes: Uint8Array): number {
  return writeRaw(out, writeVarint(out, at, bytes.length), bytes);
}

/** Writes bytes as they are. */
export function writeRaw(out: Uint8Array, at: number, bytes: Uint8Array): number {
  if (bytes.length > SHORT_BYTES) {
    out.set(bytes, at);
  } else {
    for (let i = 0; i < bytes.length; i++) out[at + i] = bytes[i] ?? 0;
  }
  return at + bytes.length;
}

/** Whether a value holds bytes, but none. */
export function isEmpty(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === 0;
}
