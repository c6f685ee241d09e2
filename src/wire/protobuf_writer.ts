import { WireType } from "./protobuf_reader.ts";

const utf8 = new TextEncoder();
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

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

/**
 * Writes the fields of one protobuf message into a buffer that grows.
 *
 * For what is encoded once per method or only when a call asks for it; messages on the way of every call are
 * written in place. Fields with their default value are left out, as in proto3.
 */
export class ProtobufWriter {
  #bytes = new Uint8Array(128);
  #at = 0;

  /** Writes a string field, unless it is empty. */
  string(field: number, value: string): this {
    return value === "" ? this : this.message(field, utf8.encode(value));
  }

  /** Writes a bytes field, unless it is empty. */
  bytes(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.message(field, value);
  }

  /** Writes the encoded message of a field, even when it is empty. */
  message(field: number, value: Uint8Array): this {
    this.#tag(field, WireType.LengthDelimited);
    this.#reserve(5 + value.length);
    this.#at = writeVarint(this.#bytes, this.#at, value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  /** Writes an int32 or int64 field, unless it is 0. */
  int64(field: number, value: bigint): this {
    if (value === 0n) return this;
    this.#tag(field, WireType.Varint);
    this.#reserve(10);
    if (value > 0n && value <= MAX_SAFE) return this.#safeInt(Number(value));
    let rest = BigInt.asUintN(64, value);
    while (rest >= 0x80n) {
      this.#bytes[this.#at++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#at++] = Number(rest);
    return this;
  }

  /** Forgets what was written. */
  restart(): this {
    this.#at = 0;
    return this;
  }

  /** The message, until it is written on. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  /** The message, in memory of its own. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  /** Numbers are many times as fast as bigints. */
  #safeInt(value: number): this {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
    this.#bytes[this.#at++] = rest;
    return this;
  }

  #tag(field: number, wireType: number): void {
    this.#reserve(5);
    this.#at = writeVarint(this.#bytes, this.#at, field * 8 + wireType);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#at + bytes, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
  }
}
