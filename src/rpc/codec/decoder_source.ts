import { create, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { WireType } from "../../wire/protobuf_reader.ts";
import type { Link } from "./compile.ts";
import { localForm, type MessageField } from "./local_form.ts";
import { scalarCode } from "./scalar_code.ts";

/** How the values of a field are read. */
interface ValueSource {
  wireType: number;
  /** Expression that reads a value; `present` is one for the message that it is merged into, if there is one. */
  read: (present: string) => string;
  /** Expression for the value in the entry of a map that has none. */
  blank: string;
}

/**
 * Writes the body of a function that makes the decoder of a type.
 *
 * Each field becomes a case of a switch over the tags, so `string name = 1`
 *
 * ```text
 * case 10: { message["name"] = reader.string(); break; }
 * ```
 *
 * What is in no case is a field that the type does not know, or one that is encoded in a way that it should not.
 */
export function decoderSource(desc: DescMessage, link: Link): string {
  return `
  const numbers = new Set([${desc.fields.map((field) => field.number)}]);
  ${blankMessage(desc)}
  return {
    read(reader, end, message = blank()) {
      reader.enter();
      while (reader.at < end) {
        const tag = reader.tag();
        switch (tag) {
          ${desc.fields.map((field) => fieldCases(field, link)).join("\n")}
          default: reader.unknown(message, tag, numbers);
        }
      }
      reader.leave(end);
      return message;
    },
  };`;
}

/** The function `blank`, which makes a message as `create` does, but with all its members at once. */
function blankMessage(desc: DescMessage): string {
  const message = create(desc);
  const members = Object.entries(message).map(([name, value]) => [JSON.stringify(name), blankMember(value)]);
  if (Object.getPrototypeOf(message) === Object.prototype) {
    return `function blank() { return { ${members.map((member) => member.join(": ")).join(", ")} }; }`;
  }
  return `function Blank() { ${members.map(([name, value]) => `this[${name}] = ${value};`).join(" ")} }
    Blank.prototype = prototype;
    function blank() { return new Blank(); }`;
}

function blankMember(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return "[]";
  if (value instanceof Uint8Array) return "NO_BYTES";
  return "case" in value ? "{ case: undefined }" : "{}";
}

function fieldCases(field: DescField, link: Link): string {
  // Groups are left to protobuf-es.
  if (field.message !== undefined && field.delimitedEncoding) return "";
  const value = valueSource(field, link);
  const member = `message[${JSON.stringify((field.oneof ?? field).localName)}]`;
  switch (field.fieldKind) {
    case "list":
      return listCases(field.number, value, member);
    case "map":
      return mapCase(field, value, member);
    default:
      return caseSource(field.number, value.wireType, setMember(field, value, member));
  }
}

/** Statement that reads the value of a field that is no list or map. */
function setMember({ oneof, localName }: DescField, { read }: ValueSource, member: string): string {
  if (oneof === undefined) return `${member} = ${read(member)};`;
  const name = JSON.stringify(localName);
  const present = `(${member}.case === ${name} ? ${member}.value : undefined)`;
  return `${member} = { case: ${name}, value: ${read(present)} };`;
}

/** Numbers may come one by one or packed, whatever the field's own way is. */
function listCases(number: number, { wireType, read }: ValueSource, member: string): string {
  const push = `${member}.push(${read("undefined")});`;
  const one = caseSource(number, wireType, push);
  if (wireType === WireType.LengthDelimited) return one;
  const packed = `const end = reader.end(); while (reader.at < end) ${push} reader.checkEnd(end);`;
  return one + caseSource(number, WireType.LengthDelimited, packed);
}

/** The entry of a map is a message with the key as its field 1 and the value as its field 2. */
function mapCase(field: DescField & { fieldKind: "map" }, value: ValueSource, member: string): string {
  const key = scalarSource(field.mapKey, field);
  return caseSource(
    field.number,
    WireType.LengthDelimited,
    `const end = reader.end();
    let key = ${key.blank}, value;
    while (reader.at < end) {
      switch (reader.tag()) {
        ${caseSource(1, key.wireType, `key = ${key.read("undefined")};`)}
        ${caseSource(2, value.wireType, `value = ${value.read("value")};`)}
        default: check(false);
      }
    }
    reader.checkEnd(end);
    setEntry(${member}, key, value === undefined ? ${value.blank} : value);`,
  );
}

function caseSource(number: number, wireType: number, statements: string): string {
  return `case ${(number * 8 + wireType) >>> 0}: { ${statements} break; }`;
}

function valueSource(field: DescField, link: Link): ValueSource {
  if (field.message !== undefined) return messageSource(field, link);
  if (field.enum === undefined) return scalarSource(field.scalar, field);
  const number = scalarSource(ScalarType.INT32, field);
  const numbers = field.enum.values.map(({ number }) => number);
  // A closed enum keeps its strangers out of its fields, but not, with protobuf-es, out of lists and maps.
  const isClosed = field.fieldKind === "enum" && !field.enum.open;
  return {
    ...number,
    read: (present) => isClosed ? `closedEnum(${number.read(present)}, [${numbers}])` : number.read(present),
    blank: String(numbers[0]),
  };
}

function scalarSource(
  type: ScalarType,
  { utf8Validation, longAsString }: { utf8Validation?: boolean; longAsString?: boolean },
): ValueSource {
  const { wireType, read, zero } = scalarCode(type);
  const method = read === "string" && !utf8Validation ? "looseString" : read;
  const value = `reader.${method}()`;
  return { wireType, read: () => longAsString ? `String(${value})` : value, blank: zero };
}

function messageSource(field: MessageField, link: Link): ValueSource {
  const decoder = link(field.message);
  const wireType = WireType.LengthDelimited;
  const next = `${decoder}.read(reader, reader.end())`;
  const none = `${decoder}.read(reader, reader.at)`;
  switch (localForm(field)) {
    case "message":
      return {
        wireType,
        read: (present) => `${decoder}.read(reader, reader.end(), ${present})`,
        blank: none,
      };
    // What stands for a message is not merged with another: that is unusual enough for protobuf-es.
    case "value":
      return { wireType, read: (present) => `(check(${present} === undefined), ${next}.value)`, blank: none };
    case "json":
      return {
        wireType,
        read: (present) => `(check(${present} === undefined), jsonOf(${next}))`,
        blank: `jsonOf(${none})`,
      };
  }
}
