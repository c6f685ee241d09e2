import type { UnknownField } from "@bufbuild/protobuf";
import { NO_BYTES } from "../../wire/frame.ts";
import { WireType } from "../../wire/protobuf_reader.ts";
import { copyBytes } from "./byte_pool.ts";
import { check } from "./check.ts";

/** Messages within messages, the outermost included; protobuf-es has the same limit. */
const MAX_DEPTH = 100;
/** Up to so many bytes a loop is faster than a call of `TextDecoder`. */
const SHORT_TEXT = 128;
/** From so many bytes on, to leave a field where it lies is worth its holding the rest of its message. */
const LARGE_BYTES = 4096;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const looseUtf8 = new TextDecoder("utf-8", { ignoreBOM: true });
/** Where numbers are put together of their bytes. */
const view = new DataView(new ArrayBuffer(8));

/** Where a message keeps the fields that its type does not know. */
interface Extensible {
  $unknown?: UnknownField[];
}

/**
 * Reads the values of a message, and of those within it, where they lie.
 *
 * Numbers are read without a look at where they end: beyond the bytes there are zeros, and whether a value
 * reached beyond its message is checked once, at the message's end. All methods throw if the bytes are not what
 * compiled code is made for.
 */
export class WireReader {
  /** Index of the next byte. */
  at = 0;
  #bytes: Uint8Array = NO_BYTES;
  #isOwned = false;
  #depth = 0;
  #low = 0;
  #high = 0;

  /** Begins a message. */
  open(bytes: Uint8Array, isOwned: boolean): void {
    this.#bytes = bytes;
    this.#isOwned = isOwned;
    this.at = 0;
    this.#depth = 0;
  }

  /** Lets go of the bytes. */
  close(): void {
    this.#bytes = NO_BYTES;
  }

  /** Begins a message within the message, or the outermost. */
  enter(): void {
    check(++this.#depth <= MAX_DEPTH);
  }

  /** Ends it: nothing was read beyond it. */
  leave(end: number): void {
    check(this.at === end);
    this.#depth--;
  }

  /** Reads the length before a message, a map's entry or packed values: the index behind them. */
  end(): number {
    const length = this.uint32();
    const end = this.at + length;
    check(end <= this.#bytes.length);
    return end;
  }

  /** Checks that packed values or a map's entry end where they should. */
  checkEnd(end: number): void {
    check(this.at === end);
  }

  /** Reads a tag. */
  tag(): number {
    const first = this.#bytes[this.at] ?? 0;
    if (first < 0x80) {
      this.at++;
      return first;
    }
    const start = this.at;
    const tag = this.uint32();
    const bytes = this.at - start;
    check(bytes < 5 || bytes === 5 && (this.#bytes[start + 4] ?? 0) <= 0x0f);
    return tag;
  }

  /** Reads a varint as a boolean. */
  bool(): boolean {
    const first = this.#bytes[this.at] ?? 0;
    if (first < 0x80) {
      this.at++;
      return first !== 0;
    }
    this.#varint64();
    return this.#low !== 0 || this.#high !== 0;
  }

  /** Reads a varint as a signed number of 32 bits; longer ones are cut, as protobuf asks. */
  int32(): number {
    return this.uint32() | 0;
  }

  /** Reads a varint as a signed number of 32 bits whose sign is its lowest bit. */
  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  /** Reads a varint as an unsigned number of 32 bits; longer ones are cut. */
  uint32(): number {
    const bytes = this.#bytes;
    let at = this.at;
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.at = at;
        return value;
      }
    }
    this.#varint64();
    return this.#low >>> 0;
  }

  /** Reads a varint as a signed number of 64 bits. */
  int64(): bigint {
    this.#varint64();
    return this.#signed();
  }

  /** Reads a varint as an unsigned number of 64 bits. */
  uint64(): bigint {
    this.#varint64();
    return this.#unsigned();
  }

  /** Reads a varint as a signed number of 64 bits whose sign is its lowest bit. */
  sint64(): bigint {
    this.#varint64();
    const low = this.#low;
    const high = this.#high;
    const sign = -(low & 1);
    this.#low = ((low >>> 1) | (high << 31)) ^ sign;
    this.#high = (high >>> 1) ^ sign;
    return this.#signed();
  }

  /** Reads four bytes as an unsigned number. */
  fixed32(): number {
    return this.sfixed32() >>> 0;
  }

  /** Reads four bytes as a signed number. */
  sfixed32(): number {
    const bytes = this.#bytes;
    const at = this.at;
    this.at += 4;
    return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24);
  }

  /** Reads eight bytes as an unsigned number. */
  fixed64(): bigint {
    this.#words();
    return this.#unsigned();
  }

  /** Reads eight bytes as a signed number. */
  sfixed64(): bigint {
    this.#words();
    return this.#signed();
  }

  /** Reads a floating-point number of four bytes. */
  float(): number {
    view.setInt32(0, this.sfixed32(), true);
    return view.getFloat32(0, true);
  }

  /** Reads a floating-point number of eight bytes. */
  double(): number {
    view.setInt32(0, this.sfixed32(), true);
    view.setInt32(4, this.sfixed32(), true);
    return view.getFloat64(0, true);
  }

  /** Reads text, which has to be valid UTF-8. */
  string(): string {
    const start = this.#skipBytes();
    return this.#ascii(start) ?? strictUtf8.decode(this.#bytes.subarray(start, this.at));
  }

  /** Reads text of whatever bytes. */
  looseString(): string {
    const start = this.#skipBytes();
    return this.#ascii(start) ?? looseUtf8.decode(this.#bytes.subarray(start, this.at));
  }

  /** Reads bytes, which are the message's own from then on. */
  bytes(): Uint8Array {
    return this.#keep(this.#skipBytes(), this.at);
  }

  /**
   * Keeps a field in its message.
   *
   * @param numbers Those of the message's own fields, which this one may not have.
   */
  unknown(message: Extensible, tag: number, numbers: Set<number>): void {
    const no = tag >>> 3;
    const wireType = tag & 7;
    check(no > 0 && !numbers.has(no));
    const start = this.at;
    switch (wireType) {
      case WireType.Varint:
        while ((this.#bytes[this.at++] ?? 0) >= 0x80);
        break;
      case WireType.Fixed64:
        this.at += 8;
        break;
      case WireType.LengthDelimited:
        this.#skipBytes();
        break;
      case WireType.Fixed32:
        this.at += 4;
        break;
      default:
        check(false);
    }
    check(this.at <= this.#bytes.length);
    (message.$unknown ??= []).push({ no, wireType, data: this.#keep(start, this.at) });
  }

  /** Passes over a length and the bytes behind it: the index of the first of these. */
  #skipBytes(): number {
    const length = this.uint32();
    const start = this.at;
    this.at += length;
    check(this.at <= this.#bytes.length);
    return start;
  }

  /** A copy of bytes; those of a large field that fills most of bytes that are ours stay where they are. */
  #keep(start: number, end: number): Uint8Array {
    const length = end - start;
    return this.#isOwned && length >= LARGE_BYTES && length > this.#bytes.length / 2
      ? this.#bytes.subarray(start, end)
      : copyBytes(this.#bytes, start, end);
  }

  /** The bytes up to here as text, if they are few and ASCII. */
  #ascii(start: number): string | undefined {
    const length = this.at - start;
    if (length === 0) return "";
    if (length > SHORT_TEXT) return undefined;
    const bytes = this.#bytes;
    const codes = new Array<number>(length);
    for (let i = 0; i < length; i++) {
      const code = bytes[start + i] ?? 0;
      if (code >= 0x80) return undefined;
      codes[i] = code;
    }
    return String.fromCharCode.apply(String, codes);
  }

  /** Reads a varint of up to ten bytes into `#low` and `#high`; what is beyond 64 bits is dropped. */
  #varint64(): void {
    const bytes = this.#bytes;
    let at = this.at;
    let byte = 0;
    this.#low = 0;
    this.#high = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      byte = bytes[at++] ?? 0;
      this.#low |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (byte >= 0x80) {
      byte = bytes[at++] ?? 0;
      this.#low |= byte << 28;
      this.#high = (byte & 0x7f) >> 4;
    }
    for (let shift = 3; byte >= 0x80; shift += 7) {
      check(shift < 32);
      byte = bytes[at++] ?? 0;
      this.#high |= (byte & 0x7f) << shift;
    }
    this.at = at;
  }

  #words(): void {
    this.#low = this.sfixed32();
    this.#high = this.sfixed32();
  }

  #signed(): bigint {
    view.setInt32(0, this.#low, true);
    view.setInt32(4, this.#high, true);
    return view.getBigInt64(0, true);
  }

  #unsigned(): bigint {
    view.setInt32(0, this.#low, true);
    view.setInt32(4, this.#high, true);
    return view.getBigUint64(0, true);
  }
}
