import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** A value of a message's field: a number, text, or bytes. */
export type FieldValue = number | string | Uint8Array;

/** A message as its fields' numbers and values. */
export type Fields = Readonly<Record<number, FieldValue>>;

/** Encodes a message without knowing its type. */
export function encodeFields(fields: Fields): Uint8Array {
  const writer = new BinaryWriter();
  for (const [no, value] of Object.entries(fields)) {
    if (typeof value === "number") writer.tag(Number(no), WireType.Varint).uint32(value);
    else if (typeof value === "string") writer.tag(Number(no), WireType.LengthDelimited).string(value);
    else writer.tag(Number(no), WireType.LengthDelimited).bytes(value);
  }
  return writer.finish();
}

/** Decodes numbers and texts, and leaves out what is neither; of a field that is there twice, the last one. */
export function decodeFields(bytes: Uint8Array): Record<number, number | string> {
  const reader = new BinaryReader(bytes);
  const fields: Record<number, number | string> = {};
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag();
    if (type === WireType.Varint) fields[no] = Number(reader.int64());
    else if (type === WireType.LengthDelimited) fields[no] = reader.string();
    else reader.skip(type, no);
  }
  return fields;
}
