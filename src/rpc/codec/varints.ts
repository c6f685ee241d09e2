// Numbers and booleans that are written as varints. The compiled code names these functions; unsigned numbers
// of 32 bits, and those of 64, have theirs in `src/wire`.
import { varintBytes, writeVarint, writeVarint64 } from "../../wire/varint.ts";

export { varintBytes, writeVarint };
export { sizeOfInt64, sizeOfSint64, writeInt64, writeSint64 } from "../../wire/varint.ts";

/** One byte. */
export function sizeOfBool(_value: boolean): number {
  return 1;
}

/** Writes a boolean. */
export function writeBool(out: Uint8Array, at: number, value: boolean): number {
  out[at] = value ? 1 : 0;
  return at + 1;
}

/** How many bytes a signed number of 32 bits takes; a negative one is written with 64. */
export function sizeOfInt32(value: number): number {
  return value < 0 ? 10 : varintBytes(value);
}

/** Writes a signed number of 32 bits. */
export function writeInt32(out: Uint8Array, at: number, value: number): number {
  return value < 0 ? writeVarint64(out, at, value, -1) : writeVarint(out, at, value);
}

/** How many bytes a signed number of 32 bits takes if its sign stands in its lowest bit. */
export function sizeOfSint32(value: number): number {
  return varintBytes(zigzag32(value));
}

/** Writes a signed number of 32 bits with its sign in the lowest bit. */
export function writeSint32(out: Uint8Array, at: number, value: number): number {
  return writeVarint(out, at, zigzag32(value));
}

function zigzag32(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}
