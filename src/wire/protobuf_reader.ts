/** The wire types of protobuf's binary format that this module meets. */
export const WireType = {
  Varint: 0,
  Fixed64: 1,
  LengthDelimited: 2,
  StartGroup: 3,
  EndGroup: 4,
  Fixed32: 5,
} as const;

const MAX_GROUP_DEPTH = 100;
/** Seven bytes of a varint make a number that is exact. */
const MAX_UNIT = 0x80 ** 7;
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the fields of one protobuf message in the order in which they stand.
 *
 * Only what the envelopes need; every method throws an `Error` that says what is wrong with the bytes.
 */
export class ProtobufReader {
  readonly #bytes: Uint8Array;
  #at: number;

  /** @param at Where to begin. */
  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Whether no field is left. */
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** Reads a field's tag: the field number times 8, plus the wire type. */
  tag(): number {
    const tag = this.#uint32();
    if (tag >>> 3 === 0) throw new Error("Invalid field number 0");
    return tag;
  }

  /** Reads a varint as a signed number of 32 bits; longer ones are cut, as protobuf asks. */
  int32(): number {
    return Number(BigInt.asIntN(32, this.int64()));
  }

  /** Reads a varint as a signed number of 64 bits. */
  int64(): bigint {
    const start = this.#at;
    let low = 0;
    // Most are short, and numbers many times as fast as bigints.
    for (let unit = 1; unit < MAX_UNIT; unit *= 0x80) {
      const byte = this.#byte();
      low += (byte & 0x7f) * unit;
      if (byte < 0x80) return BigInt(low);
    }
    this.#at = start;
    return this.#longInt64();
  }

  #longInt64(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80 && value < 1n << 64n) return BigInt.asIntN(64, value);
    }
    throw new Error("Invalid varint");
  }

  /** Reads a length-delimited field: a view of the message's own bytes. */
  bytes(): Uint8Array {
    const length = this.#uint32();
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Error("Unexpected end of message");
    const value = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return value;
  }

  /** Reads a length-delimited field as text, which has to be valid UTF-8. */
  string(): string {
    return utf8.decode(this.bytes());
  }

  /** Passes over the value of a field that is not known. */
  skip(tag: number, depth = 0): void {
    switch (tag & 7) {
      case WireType.Varint:
        this.int64();
        return;
      case WireType.Fixed64:
        return this.#pass(8);
      case WireType.LengthDelimited:
        this.bytes();
        return;
      case WireType.StartGroup:
        return this.#skipGroup(tag >>> 3, depth + 1);
      case WireType.Fixed32:
        return this.#pass(4);
      default:
        throw new Error(`Invalid wire type ${tag & 7}`);
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw new Error("Unexpected end of message");
    return byte;
  }

  /** A tag or a length: a varint that fits into 32 bits. */
  #uint32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#byte();
      if (shift === 28 && byte > 0x0f) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new Error("Invalid varint");
  }

  #skipGroup(number: number, depth: number): void {
    if (depth > MAX_GROUP_DEPTH) throw new Error("Groups nest too deep");
    for (;;) {
      const tag = this.tag();
      if ((tag & 7) !== WireType.EndGroup) this.skip(tag, depth);
      else if (tag >>> 3 === number) return;
      else throw new Error("Invalid end of group");
    }
  }

  #pass(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.#bytes.length) throw new Error("Unexpected end of message");
  }
}
