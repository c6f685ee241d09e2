// Numbers and booleans that are written as varints. The compiled code names these functions; unsigned numbers
// of 32 bits have theirs in `src/wire`.
import { varintBytes, writeVarint } from "../../wire/protobuf_writer.ts";

export { varintBytes, writeVarint };

/** Where numbers of 64 bits are cut into two words, which costs a fraction of arithmetic with bigints. */
const view = new DataView(new ArrayBuffer(8));

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

/** How many bytes a signed or unsigned number of 64 bits takes. */
export function sizeOfInt64(value: bigint | string): number {
  split(value);
  return varint64Bytes(view.getInt32(0, true), view.getInt32(4, true));
}

/** Writes a signed or unsigned number of 64 bits. */
export function writeInt64(out: Uint8Array, at: number, value: bigint | string): number {
  split(value);
  return writeVarint64(out, at, view.getInt32(0, true), view.getInt32(4, true));
}

/** How many bytes a signed number of 64 bits takes if its sign stands in its lowest bit. */
export function sizeOfSint64(value: bigint | string): number {
  splitZigzag(value);
  return varint64Bytes(view.getInt32(0, true), view.getInt32(4, true));
}

/** Writes a signed number of 64 bits with its sign in the lowest bit. */
export function writeSint64(out: Uint8Array, at: number, value: bigint | string): number {
  splitZigzag(value);
  return writeVarint64(out, at, view.getInt32(0, true), view.getInt32(4, true));
}

function zigzag32(value: number): number {
  return ((value << 1) ^ (value >> 31)) >>> 0;
}

function split(value: bigint | string): void {
  view.setBigInt64(0, typeof value === "string" ? BigInt(value) : value, true);
}

function splitZigzag(value: bigint | string): void {
  split(value);
  const low = view.getInt32(0, true);
  const high = view.getInt32(4, true);
  const sign = high >> 31;
  view.setInt32(0, (low << 1) ^ sign, true);
  view.setInt32(4, ((high << 1) | (low >>> 31)) ^ sign, true);
}

function varint64Bytes(low: number, high: number): number {
  if (high === 0) return varintBytes(low >>> 0);
  return Math.ceil((64 - Math.clz32(high)) / 7);
}

function writeVarint64(out: Uint8Array, at: number, low: number, high: number): number {
  while (high !== 0 || low >>> 0 >= 0x80) {
    out[at++] = (low & 0x7f) | 0x80;
    low = (low >>> 7) | (high << 25);
    high >>>= 7;
  }
  out[at] = low;
  return at + 1;
}
