// Numbers of a fixed length, little endian.

const view = new DataView(new ArrayBuffer(8));

/** 4 bytes. */
export function sizeOfFixed32(_value: number): number {
  return 4;
}

/** 8 bytes. */
export function sizeOfFixed64(_value: number | bigint | string): number {
  return 8;
}

/** Writes a signed or unsigned number of 32 bits. */
export function writeFixed32(out: Uint8Array, at: number, value: number): number {
  out[at++] = value;
  out[at++] = value >>> 8;
  out[at++] = value >>> 16;
  out[at++] = value >>> 24;
  return at;
}

/** Writes a signed or unsigned number of 64 bits. */
export function writeFixed64(out: Uint8Array, at: number, value: bigint | string): number {
  view.setBigInt64(0, typeof value === "string" ? BigInt(value) : value, true);
  return writeViewed(out, at);
}

/** Writes a number rounded to 32 bits. */
export function writeFloat(out: Uint8Array, at: number, value: number): number {
  view.setFloat32(0, value, true);
  return writeFixed32(out, at, view.getInt32(0, true));
}

/** Writes a number of 64 bits. */
export function writeDouble(out: Uint8Array, at: number, value: number): number {
  view.setFloat64(0, value, true);
  return writeViewed(out, at);
}

function writeViewed(out: Uint8Array, at: number): number {
  at = writeFixed32(out, at, view.getInt32(0, true));
  return writeFixed32(out, at, view.getInt32(4, true));
}
