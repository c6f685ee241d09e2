import { type DescField, type DescMessage, type DescOneof, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "../../wire/protobuf_reader.ts";
import { varintBytes, writeVarint } from "../../wire/protobuf_writer.ts";
import type { Link } from "./compile.ts";
import { localForm, type MessageField } from "./local_form.ts";
import { scalarCode } from "./scalar_code.ts";

/** Statements of the two passes: those of the size pass add to `bytes`, those of the write pass move `at`. */
interface Passes {
  size: string;
  write: string;
}

/** How values of one type are encoded: source, made of an expression for the value. */
interface ValueSource {
  wireType: number;
  /** Expression that tells whether the value can be encoded. */
  check: (value: string) => string;
  /** Expression for the number of bytes, those of the tag not counted. */
  size: (value: string) => string;
  /** Expression that writes the value and is the index behind it. */
  write: (value: string) => string;
}

/** Whether a field is to be written: expressions. */
interface Presence {
  /** The field's value; the other two call it `value`. */
  value: string;
  /** Whether it is to be written. */
  isSet: string;
  /** Whether it is right that it is not. */
  isAbsent: string;
}

/** Numbers of `FeatureSet.FieldPresence`: its module takes longer to load than a thousand messages to encode. */
const IMPLICIT = 2;
const LEGACY_REQUIRED = 3;
/** Number of `Edition`. */
const EDITION_PROTO3 = 999;

/**
 * Writes the body of a function that makes the encoder of one type.
 *
 * Each field becomes what one would write by hand, so `string name = 1` in the size pass
 *
 * ```js
 * { const value = message["name"];
 *   if (value != null && value !== "") { check(isString(value)); bytes += 1 + sizeOfString(value); }
 *   else check(value != null || !isCreated); }
 * ```
 *
 * and in the write pass
 *
 * ```js
 * { const value = message["name"];
 *   if (value != null && value !== "") { out[at++] = 10; at = writeString(out, at, value); } }
 * ```
 */
export function encoderSource(desc: DescMessage, link: Link): string {
  const fields = desc.fields.toSorted((a, b) => a.number - b.number).map((field) => fieldPasses(field, link));
  return `return {
    size(message, inCreated) {
      const isCreated = message.$typeName === typeName;
      check(isCreated ? Object.getPrototypeOf(message) === prototype : !inCreated && isInit(message, message.$typeName));
      let bytes = 0;
      ${lines(desc.oneofs.map(oneofCheck))}
      ${lines(fields.map((field) => field.size))}
      if (isCreated && message.$unknown !== undefined) bytes += sizeOfUnknown(message.$unknown);
      return bytes;
    },
    write(message, out, at) {
      const isCreated = message.$typeName === typeName;
      ${lines(fields.map((field) => field.write))}
      if (isCreated && message.$unknown !== undefined) at = writeUnknown(out, at, message.$unknown);
      return at;
    },
  };`;
}

function oneofCheck({ localName }: DescOneof): string {
  return `{ const oneof = message[${JSON.stringify(localName)}];
    check(oneof == null ? !isCreated : typeof oneof === "object"); }`;
}

function fieldPasses(field: DescField, link: Link): Passes {
  const { value, isSet, isAbsent } = presence(field);
  const { size, write } = valuePasses(field, link);
  return {
    size: `{ const value = ${value}; if (${isSet}) { ${size} } else check(${isAbsent}); }`,
    write: `{ const value = ${value}; if (${isSet}) { ${write} } }`,
  };
}

function presence(field: DescField): Presence {
  const name = JSON.stringify(field.localName);
  if (field.oneof !== undefined) {
    const oneof = `message[${JSON.stringify(field.oneof.localName)}]`;
    return {
      value: `${oneof}?.case === ${name} ? ${oneof}.value : OTHER_CASE`,
      isSet: "value !== OTHER_CASE",
      isAbsent: "true",
    };
  }
  const value = `message[${name}]`;
  if (field.presence === IMPLICIT) {
    return { value, isSet: `value != null${unlessDefault(field)}`, isAbsent: "value != null || !isCreated" };
  }
  // But for proto3, a message inherits the default.
  const isInherited = field.fieldKind !== "message" && field.parent.file.edition !== EDITION_PROTO3;
  return {
    value,
    isSet: `value != null${isInherited ? ` && (!isCreated || Object.hasOwn(message, ${name}))` : ""}`,
    isAbsent: field.presence === LEGACY_REQUIRED ? "false" : "value !== null || !isCreated",
  };
}

/** The rest of a condition that leaves out the value that a field without presence has by default. */
function unlessDefault(field: DescField): string {
  switch (field.fieldKind) {
    case "scalar":
      return ` && ${scalarCode(field.scalar).isSet("value")}`;
    case "enum":
      return ` && value !== ${field.enum.values[0]?.number}`;
    default:
      return "";
  }
}

function valuePasses(field: DescField, link: Link): Passes {
  switch (field.fieldKind) {
    case "list":
      return field.packed
        ? packedPasses(field.number, listValue(field, link))
        : listPasses(field.number, listValue(field, link));
    case "map":
      return mapPasses(field, link);
    default:
      return singlePasses(field.number, singleValue(field, link));
  }
}

function singlePasses(number: number, value: ValueSource, name = "value"): Passes {
  const tag = tagSource(number, value.wireType);
  return {
    size: `check(${value.check(name)}); bytes += ${tag.bytes} + ${value.size(name)};`,
    write: `${tag.write} at = ${value.write(name)};`,
  };
}

function listPasses(number: number, item: ValueSource): Passes {
  const each = singlePasses(number, item, "value[i]");
  return {
    size: `check(Array.isArray(value)); ${forEach(each.size)}`,
    write: forEach(each.write),
  };
}

function packedPasses(number: number, item: ValueSource): Passes {
  const tag = tagSource(number, WireType.LengthDelimited);
  const measure = forEach(`check(${item.check("value[i]")}); length += ${item.size("value[i]")};`);
  return {
    size: `check(Array.isArray(value));
      if (value.length > 0) { let length = 0; ${measure} bytes += ${tag.bytes} + lengths.add(length); }`,
    write: `if (value.length > 0) {
      ${tag.write} at = writeVarint(out, at, lengths.next()); ${
      forEach(`at = ${item.write("value[i]")};`)
    } }`,
  };
}

function mapPasses(field: DescField & { fieldKind: "map" }, link: Link): Passes {
  const tag = tagSource(field.number, WireType.LengthDelimited);
  const key = singlePasses(1, scalarValue(field.mapKey), keySource(field.mapKey));
  const item = singlePasses(2, mapValue(field, link), "value[key]");
  return {
    size: `for (const key of keysOf(value)) {
      const entry = lengths.open(); let outer = bytes; bytes = 0; ${key.size} ${item.size} bytes = outer + ${tag.bytes} + lengths.close(entry, bytes); }`,
    write:
      `for (const key of keysOf(value)) { ${tag.write} at = writeVarint(out, at, lengths.next()); ${key.write} ${item.write} }`,
  };
}

/** Expression for a key of a map, which an object has as text. */
function keySource(type: ScalarType): string {
  const { check } = scalarCode(type);
  if (check === "isBool") return "boolKey(key)";
  return check === "isInt32" || check === "isUint32" ? "Number.parseInt(key)" : "key";
}

function singleValue(
  field: DescField & { fieldKind: "scalar" | "enum" | "message" },
  link: Link,
): ValueSource {
  switch (field.fieldKind) {
    case "scalar":
      return scalarValue(field.scalar);
    case "enum":
      return scalarValue(ScalarType.INT32);
    case "message":
      return field.delimitedEncoding ? GROUP : messageValue(field, link);
  }
}

function listValue(field: DescField & { fieldKind: "list" }, link: Link): ValueSource {
  switch (field.listKind) {
    case "scalar":
      return scalarValue(field.scalar);
    case "enum":
      return scalarValue(ScalarType.INT32);
    case "message":
      return field.delimitedEncoding ? GROUP : messageValue(field, link);
  }
}

function mapValue(field: DescField & { fieldKind: "map" }, link: Link): ValueSource {
  switch (field.mapKind) {
    case "scalar":
      return scalarValue(field.scalar);
    case "enum":
      return scalarValue(ScalarType.INT32);
    case "message":
      return messageValue(field, link);
  }
}

function scalarValue(type: ScalarType): ValueSource {
  const { wireType, check, size, write } = scalarCode(type);
  return {
    wireType,
    check: (value) => `${check}(${value})`,
    size: (value) => `${size}(${value})`,
    write: (value) => `${write}(out, at, ${value})`,
  };
}

function messageValue(field: MessageField, link: Link): ValueSource {
  const encoder = link(field.message);
  const form = localForm(field);
  function message(value: string): string {
    if (form === "json") return `structOf(${value})`;
    return form === "message"
      ? value
      : `{ $typeName: ${JSON.stringify(field.message.typeName)}, value: ${value} }`;
  }
  return {
    wireType: WireType.LengthDelimited,
    check: (value) => `${value} != null`,
    size: (value) => `lengths.close(lengths.open(), ${encoder}.size(${message(value)}, isCreated))`,
    write: (value) => `${encoder}.write(${message(value)}, out, writeVarint(out, at, lengths.next()))`,
  };
}

/** Groups are left to protobuf-es: a message that has one is none that compiled code encodes. */
const GROUP: ValueSource = {
  wireType: WireType.StartGroup,
  check: () => "false",
  size: () => "0",
  write: () => "at",
};

/** A tag: how many bytes it takes, and statements that write it. */
function tagSource(number: number, wireType: number): { bytes: number; write: string } {
  const tag = (number * 8 + wireType) >>> 0;
  const bytes = new Uint8Array(varintBytes(tag));
  writeVarint(bytes, 0, tag);
  return { bytes: bytes.length, write: Array.from(bytes, (byte) => `out[at++] = ${byte};`).join(" ") };
}

function forEach(statements: string): string {
  return `for (let i = 0; i < value.length; i++) { ${statements} }`;
}

function lines(statements: string[]): string {
  return statements.join("\n      ");
}
