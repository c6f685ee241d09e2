import { create, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "../../wire/protobuf_reader.ts";
import type { Link } from "./compile.ts";
import { localForm, type MessageField } from "./local_form.ts";
import { scalarCode } from "./scalar_code.ts";

/**
 * Writes the body of a function that makes the decoder of one type.
 *
 * Each field becomes a case of a switch over the tags, so `string name = 1`
 *
 * ```js
 * case 10: message["name"] = reader.string(); break;
 * ```
 */
export function decoderSource(desc: DescMessage, link: Link): string {
  return `
  const known = new Set([${desc.fields.map((field) => field.number)}]);
  ${blankMessage(desc)}
  return {
    read(reader, end, message = blank()) {
      reader.enter();
      while (reader.at < end) {
        const tag = reader.tag();
        switch (tag) {
          ${desc.fields.map((field) => fieldCases(field, link)).join("\n          ")}
          default: reader.unknown(message, tag, known);
        }
      }
      reader.leave(end);
      return message;
    },
  };`;
}

/** The function `blank`, which makes a message without fields. */
function blankMessage(desc: DescMessage): string {
  const message = create(desc);
  const members = Object.entries(message).map(([name, value]) => [JSON.stringify(name), blankValue(value)]);
  if (Object.getPrototypeOf(message) === Object.prototype) {
    return `function blank() { return { ${members.map((member) => member.join(": ")).join(", ")} }; }`;
  }
  return `
  function Message() { ${members.map(([name, value]) => `this[${name}] = ${value};`).join(" ")} }
  Message.prototype = prototype;
  function blank() { return new Message(); }`;
}

function blankValue(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return "[]";
  if (value instanceof Uint8Array) return "NO_BYTES";
  return "case" in value ? "{ case: undefined }" : "{}";
}

function fieldCases(field: DescField, link: Link): string {
  switch (field.fieldKind) {
    case "list":
      return listCases(field, link);
    case "map":
      return mapCase(field, link);
    default:
      return singleCase(field, link);
  }
}

type SingleField = DescField & { fieldKind: "scalar" | "enum" | "message" };

function singleCase(field: SingleField, link: Link): string {
  if (field.fieldKind === "message" && field.delimitedEncoding) return "";
  const name = JSON.stringify(field.localName);
  if (field.oneof === undefined) {
    const place = `message[${name}]`;
    return caseSource(field.number, singleWireType(field), `${place} = ${singleValue(field, place, link)};`);
  }
  const oneof = `message[${JSON.stringify(field.oneof.localName)}]`;
  const present = `(${oneof}.case === ${name} ? ${oneof}.value : undefined)`;
  const value = singleValue(field, present, link);
  return caseSource(field.number, singleWireType(field), `${oneof} = { case: ${name}, value: ${value} };`);
}

function singleWireType(field: SingleField): number {
  return field.fieldKind === "message" ? WireType.LengthDelimited : scalarCode(scalarType(field)).wireType;
}

function scalarType({ scalar }: { scalar?: ScalarType }): ScalarType {
  return scalar ?? ScalarType.INT32;
}

/** Expression for the next value of a field. */
function singleValue(field: SingleField, present: string, link: Link): string {
  switch (field.fieldKind) {
    case "message":
      return messageValue(field, present, link);
    case "scalar":
      return scalarValue(field.scalar, field);
    case "enum": {
      const value = scalarValue(ScalarType.INT32, field);
      return field.enum.open
        ? value
        : `closedEnum(${value}, [${field.enum.values.map(({ number }) => number)}])`;
    }
  }
}

function scalarValue(type: ScalarType, field: { utf8Validation?: boolean; longAsString?: boolean }): string {
  const { read } = scalarCode(type);
  if (read === "string" && !field.utf8Validation) return "reader.looseString()";
  return field.longAsString ? `String(reader.${read}())` : `reader.${read}()`;
}

/** Expression for the next message of a field; it is merged into the one that is present. */
function messageValue(field: MessageField, present: string, link: Link): string {
  const decoder = link(field.message);
  switch (localForm(field)) {
    case "message":
      return `${decoder}.read(reader, reader.end(), ${present})`;
    case "value":
      return `(check(${present} === undefined), ${decoder}.read(reader, reader.end()).value)`;
    case "json":
      return `(check(${present} === undefined), jsonOf(${decoder}.read(reader, reader.end())))`;
  }
}

function listCases(field: DescField & { fieldKind: "list" }, link: Link): string {
  const list = `message[${JSON.stringify(field.localName)}]`;
  if (field.listKind === "message") {
    const item = messageValue(field, "undefined", link);
    return field.delimitedEncoding
      ? ""
      : caseSource(field.number, WireType.LengthDelimited, `${list}.push(${item});`);
  }
  const type = scalarType(field);
  const { wireType } = scalarCode(type);
  const push = `${list}.push(${scalarValue(type, field)});`;
  const one = caseSource(field.number, wireType, push);
  if (wireType === WireType.LengthDelimited) return one;
  const many = `const to = reader.end(); while (reader.at < to) ${push} reader.checkEnd(to);`;
  return one + caseSource(field.number, WireType.LengthDelimited, many);
}

function mapCase(field: DescField & { fieldKind: "map" }, link: Link): string {
  const { utf8Validation } = field;
  const key = scalarCode(field.mapKey);
  const { wireType, read, blank } = mapValue(field, link);
  return caseSource(
    field.number,
    WireType.LengthDelimited,
    `const to = reader.end(); let key = ${key.zero}, value;
    while (reader.at < to) {
      switch (reader.tag()) {
        ${caseSource(1, key.wireType, `key = ${scalarValue(field.mapKey, { utf8Validation })};`)}
        ${caseSource(2, wireType, `value = ${read};`)}
        default: check(false);
      }
    }
    reader.checkEnd(to);
    setEntry(message[${JSON.stringify(field.localName)}], key, value === undefined ? ${blank} : value);`,
  );
}

/** Expressions for the value of a map's entry, and for that of an entry without one. */
function mapValue(
  field: DescField & { fieldKind: "map" },
  link: Link,
): { wireType: number; read: string; blank: string } {
  switch (field.mapKind) {
    case "message": {
      const empty = `${link(field.message)}.read(reader, reader.at)`;
      return {
        wireType: WireType.LengthDelimited,
        read: messageValue(field, "value", link),
        blank: localForm(field) === "json" ? `jsonOf(${empty})` : empty,
      };
    }
    case "enum":
      return {
        ...scalarCode(ScalarType.INT32),
        read: "reader.int32()",
        blank: `${field.enum.values[0]?.number}`,
      };
    case "scalar": {
      const code = scalarCode(field.scalar);
      return {
        ...code,
        read: scalarValue(field.scalar, { utf8Validation: field.utf8Validation }),
        blank: code.zero,
      };
    }
  }
}

function caseSource(number: number, wireType: number, statements: string): string {
  return `case ${(number * 8 + wireType) >>> 0}: { ${statements} break; }`;
}
