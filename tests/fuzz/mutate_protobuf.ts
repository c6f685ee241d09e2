import { concat } from "@std/bytes";
import type { Random } from "../random.ts";

const LENGTH_DELIMITED = 2;

/** A field of a message, taken apart no further than it takes to put it together wrongly. */
interface Field {
  number: number;
  wireType: number;
  /** The bytes behind the tag, or behind the length where there is one. */
  value: Uint8Array;
  /** The length as it is told, if it is not the true one. */
  length?: Uint8Array;
}

/** Varints at the edges of what readers take, and beyond. */
const VARINTS = [
  "00",
  "7f",
  "8000", // 0 in two bytes
  "ffffff7f",
  "ffffffff07", // 2^31 - 1
  "8080808008", // 2^31
  "ffffffff0f", // 2^32 - 1
  "ffffffff7f", // more than 32 bits
  "ffffffffffffffff7f", // 2^63 - 1
  "80808080808080808001", // -2^63
  "ffffffffffffffffff01", // -1
  "ffffffffffffffffff7f", // more than 64 bits
  "ffffffffffffffffffff01", // eleven bytes
  "ff", // without its end
].map((hex) => Uint8Array.fromHex(hex));

/** Fields that no envelope knows, some of them broken. */
const UNKNOWN = [
  "f807ff01",
  "fa070161",
  "fd0700000000",
  "f9070000000000000000",
  "fb07fc07", // a group
  "fb07", // a group without its end
  "fc07", // the end of no group
  "fe07", // a wire type that there is not
  "00", // field number 0
  "fb07".repeat(200) + "fc07".repeat(200),
].map((hex) => Uint8Array.fromHex(hex));

/** Changes a message in one place, which may lie in a message within it; what is no message stays as it is. */
export function mutateProtobuf(bytes: Uint8Array, random: Random): Uint8Array {
  const fields = readFields(bytes);
  if (fields === undefined) return bytes;
  const at = random.below(fields.length + 1);
  const field = fields[at];
  const what = random.below(8);
  if (field === undefined || what === 0) return insertUnknown(fields, at, random);
  if (what === 1) fields.splice(at, 0, field);
  else if (what === 2) fields.splice(at, 1);
  else fields[at] = mutateField(field, random);
  return concat(fields.map(encodeField));
}

function mutateField(field: Field, random: Random): Field {
  if (random.oneIn(6)) return { ...field, wireType: random.below(8) };
  if (random.oneIn(12)) return { ...field, number: 1 + random.below(16) };
  if (field.wireType !== LENGTH_DELIMITED) return { ...field, value: pick(VARINTS, random) };
  if (random.oneIn(3)) return { ...field, length: pick(VARINTS, random) };
  if (random.oneIn(3)) return { ...field, value: random.bytes(random.below(20)) };
  return { ...field, value: mutateProtobuf(field.value, random) };
}

function insertUnknown(fields: readonly Field[], at: number, random: Random): Uint8Array {
  const encoded = fields.map(encodeField);
  encoded.splice(at, 0, pick(UNKNOWN, random));
  return concat(encoded);
}

function pick(choices: readonly Uint8Array[], random: Random): Uint8Array {
  return choices[random.below(choices.length)] ?? new Uint8Array(0);
}

/** The fields of a message; undefined if the bytes are none. */
function readFields(bytes: Uint8Array): Field[] | undefined {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = readVarint(bytes, at);
    const wireType = tag.value & 7;
    const first = wireType === LENGTH_DELIMITED ? readVarint(bytes, tag.end) : { value: 0, end: tag.end };
    const end = valueEnd(bytes, first.end, wireType, first.value);
    if (end === undefined || end > bytes.length) return undefined;
    fields.push({ number: tag.value >>> 3, wireType, value: bytes.subarray(first.end, end) });
    at = end;
  }
  return fields;
}

function valueEnd(bytes: Uint8Array, at: number, wireType: number, length: number): number | undefined {
  if (wireType === 0) return readVarint(bytes, at).end;
  if (wireType === 1) return at + 8;
  if (wireType === LENGTH_DELIMITED) return at + length;
  return wireType === 5 ? at + 4 : undefined;
}

/** A varint of 32 bits; what is above them is lost. */
function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let shift = 0;; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value: value >>> 0, end: at };
  }
}

function encodeField({ number, wireType, value, length = varint(value.length) }: Field): Uint8Array {
  const tag = varint(number << 3 | wireType);
  return concat(wireType === LENGTH_DELIMITED ? [tag, length, value] : [tag, value]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value >= 0x80; value >>>= 7) bytes.push(value & 0x7f | 0x80);
  return new Uint8Array([...bytes, value]);
}
