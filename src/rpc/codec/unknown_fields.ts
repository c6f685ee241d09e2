import type { UnknownField } from "@bufbuild/protobuf";
import { varintBytes, writeVarint } from "../../wire/varint.ts";
import { writeRaw } from "../../wire/write_raw.ts";
import { check } from "./check.ts";
import { isBytes, isUint32 } from "./value_checks.ts";

/** How many bytes the fields take that a message was read with and its type does not know. */
export function sizeOfUnknown(fields: UnknownField[]): number {
  let bytes = 0;
  for (const field of fields) {
    check(isUint32(field.no) && isBytes(field.data));
    bytes += varintBytes(tagOf(field)) + field.data.length;
  }
  return bytes;
}

/** Writes the fields that a message's type does not know as they were read. */
export function writeUnknown(out: Uint8Array, at: number, fields: UnknownField[]): number {
  for (const field of fields) at = writeRaw(out, writeVarint(out, at, tagOf(field)), field.data);
  return at;
}

function tagOf({ no, wireType }: UnknownField): number {
  return ((no << 3) | wireType) >>> 0;
}
