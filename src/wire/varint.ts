/** Where numbers of 64 bits are cut into two words, which costs a fraction of arithmetic with bigints. */
const view = new DataView(new ArrayBuffer(8));

/** How many bytes a number of 0 to 2^32-1 takes as a varint. */
export function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  return value < 0x10000000 ? 4 : 5;
}

/**
 * Writes a number of 0 to 2^32-1 as a varint.
 *
 * @returns The index after its last byte.
 */
export function writeVarint(out: Uint8Array, at: number, value: number): number {
  while (value >= 0x80) {
    out[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  out[at++] = value;
  return at;
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

/**
 * Writes the two words of a number of 64 bits as a varint.
 *
 * @returns The index after its last byte.
 */
export function writeVarint64(out: Uint8Array, at: number, low: number, high: number): number {
  while (high !== 0 || low >>> 0 >= 0x80) {
    out[at++] = (low & 0x7f) | 0x80;
    low = (low >>> 7) | (high << 25);
    high >>>= 7;
  }
  out[at] = low;
  return at + 1;
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
