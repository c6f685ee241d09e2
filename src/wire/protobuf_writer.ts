import { WireType } from "./protobuf_reader.ts";
import { writeInt64, writeVarint } from "./varint.ts";

const utf8 = new TextEncoder();

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
    this.#at = writeInt64(this.#bytes, this.#at, value);
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
