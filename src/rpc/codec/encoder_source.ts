import { type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "../../wire/protobuf_reader.ts";
import { varintBytes, writeVarint } from "../../wire/varint.ts";
import type { Link } from "./compile.ts";
import { localForm, type MessageField } from "./local_form.ts";
import { presenceSource } from "./presence_source.ts";
import { scalarCode } from "./scalar_code.ts";

/** Statements of the two passes: those of the size pass add to `bytes`, those of the write pass move `at`. */
interface Passes {
  size: string;
  write: string;
}

/** How the values of a field are encoded: source, made of an expression for a value. */
interface ValueSource {
  wireType: number;
  /** Expression that tells whether the value can be encoded. */
  check: (value: string) => string;
  /** Expression for the number of bytes, those of the tag not counted. */
  size: (value: string) => string;
  /** Expression that writes the value and is the index behind it. */
  write: (value: string) => string;
}

/** Groups are left to protobuf-es: a message that has one is none that compiled code encodes. */
const GROUP: ValueSource = {
  wireType: WireType.StartGroup,
  check: () => "false",
  size: () => "0",
  write: () => "at",
};

/**
 * Writes the body of a function that makes the encoder of a type.
 *
 * Each field becomes what one would write by hand, so `string name = 1` in the size pass
 *
 * ```text
 * { const value = message["name"];
 *   if (value != null && value !== "") { check(isString(value)); bytes += 1 + sizeOfString(value); }
 *   else check(value != null || !isCreated); }
 * ```
 *
 * and in the write pass
 *
 * ```text
 * { const value = message["name"];
 *   if (value != null && value !== "") { out[at++] = 10; at = writeString(out, at, value); } }
 * ```
 */
export function encoderSource(desc: DescMessage, link: Link): string {
  const fields = desc.fields.toSorted((a, b) => a.number - b.number).map((field) => fieldPasses(field, link));
  return `return {
    size(message, inCreated) {
      const isCreated = message.$typeName === typeName;
      check(isCreated
        ? Object.getPrototypeOf(message) === prototype
        : !inCreated && isInit(message, message.$typeName));
      let bytes = 0;
      ${desc.oneofs.map(checkOneof).join("\n")}
      ${fields.map(({ size }) => size).join("\n")}
      if (isCreated && message.$unknown !== undefined) bytes += sizeOfUnknown(message.$unknown);
      return bytes;
    },
    write(message, out, at) {
      const isCreated = message.$typeName === typeName;
      ${fields.map(({ write }) => write).join("\n")}
      if (isCreated && message.$unknown !== undefined) at = writeUnknown(out, at, message.$unknown);
      return at;
    },
  };`;
}

function checkOneof({ localName }: DescOneof): string {
  return `{ const oneof = message[${JSON.stringify(localName)}];
    check(oneof == null ? !isCreated : typeof oneof === "object"); }`;
}

function fieldPasses(field: DescField, link: Link): Passes {
  const { value, isSet, mayBeAbsent } = presenceSource(field);
  const { size, write } = valuePasses(field, link);
  return {
    size: `{ const value = ${value}; if (${isSet}) { ${size} } else check(${mayBeAbsent}); }`,
    write: `{ const value = ${value}; if (${isSet}) { ${write} } }`,
  };
}

function valuePasses(field: DescField, link: Link): Passes {
  const value = valueSource(field, link);
  switch (field.fieldKind) {
    case "list":
      return field.packed ? packedPasses(field.number, value) : listPasses(field.number, value);
    case "map":
      return mapPasses(field.number, field.mapKey, value);
    default:
      return onePass(field.number, value, "value");
  }
}

/** Tag and value. */
function onePass(number: number, { wireType, check, size, write }: ValueSource, value: string): Passes {
  const tag = tagSource(number, wireType);
  return {
    size: `check(${check(value)}); bytes += ${tag.bytes} + ${size(value)};`,
    write: `${tag.write} at = ${write(value)};`,
  };
}

function listPasses(number: number, item: ValueSource): Passes {
  const { size, write } = onePass(number, item, "item");
  return { size: `check(Array.isArray(value)); ${forEachItem(size)}`, write: forEachItem(write) };
}

function packedPasses(number: number, { check, size, write }: ValueSource): Passes {
  const tag = tagSource(number, WireType.LengthDelimited);
  return {
    size: `check(Array.isArray(value));
      if (value.length > 0) {
        let length = 0;
        ${forEachItem(`check(${check("item")}); length += ${size("item")};`)}
        bytes += ${tag.bytes} + lengths.add(length);
      }`,
    write: `if (value.length > 0) {
      ${tag.write} at = writeVarint(out, at, lengths.next());
      ${forEachItem(`at = ${write("item")};`)}
    }`,
  };
}

function forEachItem(statements: string): string {
  return `for (let i = 0; i < value.length; i++) { const item = value[i]; ${statements} }`;
}

/** The entry of a map is a message with the key as its field 1 and the item as its field 2. */
function mapPasses(number: number, keyType: ScalarType, itemSource: ValueSource): Passes {
  const tag = tagSource(number, WireType.LengthDelimited);
  const key = onePass(1, scalarSource(keyType), "key");
  const item = onePass(2, itemSource, "item");
  const forEachEntry = `for (const name of keysOf(value)) {
    const key = ${keySource(keyType)}, item = value[name];`;
  return {
    size: `${forEachEntry}
      const entry = lengths.open(), before = bytes;
      ${key.size} ${item.size}
      bytes = before + ${tag.bytes} + lengths.close(entry, bytes - before); }`,
    write: `${forEachEntry}
      ${tag.write} at = writeVarint(out, at, lengths.next());
      ${key.write} ${item.write} }`,
  };
}

/** Expression for the key of which an object has the text as `name`. */
function keySource(type: ScalarType): string {
  switch (scalarCode(type).check) {
    case "isBool":
      return "boolKey(name)";
    case "isInt32":
    case "isUint32":
      return "Number.parseInt(name)";
    default:
      return "name";
  }
}

function valueSource(field: DescField, link: Link): ValueSource {
  if (field.message === undefined) return scalarSource(field.scalar ?? ScalarType.INT32);
  return field.delimitedEncoding ? GROUP : messageSource(field, link);
}

function scalarSource(type: ScalarType): ValueSource {
  const { wireType, check, size, write } = scalarCode(type);
  return {
    wireType,
    check: (value) => `${check}(${value})`,
    size: (value) => `${size}(${value})`,
    write: (value) => `${write}(out, at, ${value})`,
  };
}

function messageSource(field: MessageField, link: Link): ValueSource {
  const encoder = link(field.message);
  return {
    wireType: WireType.LengthDelimited,
    check: (value) => `${value} != null`,
    size: (value) => `lengths.close(lengths.open(), ${encoder}.size(${messageOf(field, value)}, isCreated))`,
    write: (value) =>
      `${encoder}.write(${messageOf(field, value)}, out, writeVarint(out, at, lengths.next()))`,
  };
}

/** Expression for the message that the value of a field stands for. */
function messageOf(field: MessageField, value: string): string {
  switch (localForm(field)) {
    case "message":
      return value;
    case "value":
      return `{ $typeName: ${JSON.stringify(field.message.typeName)}, value: ${value} }`;
    case "json":
      return `structOf(${value})`;
  }
}

/** A tag: how many bytes it takes, and statements that write it. */
function tagSource(number: number, wireType: number): { bytes: number; write: string } {
  const tag = (number * 8 + wireType) >>> 0;
  const bytes = new Uint8Array(varintBytes(tag));
  writeVarint(bytes, 0, tag);
  return { bytes: bytes.length, write: Array.from(bytes, (byte) => `out[at++] = ${byte};`).join(" ") };
}
