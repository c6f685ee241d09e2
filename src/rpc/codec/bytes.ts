import { varintBytes, writeVarint } from "../../wire/varint.ts";
import { writeRaw } from "../../wire/write_raw.ts";

/** How many bytes a field of bytes takes with its length. */
export function sizeOfBytes(bytes: Uint8Array): number {
  return varintBytes(bytes.length) + bytes.length;
}

/** Writes bytes with their length. */
export function writeBytes(out: Uint8Array, at: number, bytes: Uint8Array): number {
  return writeRaw(out, writeVarint(out, at, bytes.length), bytes);
}

/** Whether a value holds bytes, but none. */
export function isEmpty(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === 0;
}
