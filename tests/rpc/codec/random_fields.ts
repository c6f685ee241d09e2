import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { Random } from "../../random.ts";

/** Fields of a message, as `create` takes them. */
export type Fields = Record<string, unknown>;

const INT32 = [0, -0, 1, -1, 127, 128, 300, 2 ** 31 - 1, -(2 ** 31)] as const;
const UINT32 = [0, -0, 1, 127, 128, 16_383, 16_384, 2 ** 21, 2 ** 28, 2 ** 31, 2 ** 32 - 1] as const;
const INT64 = [
  0n,
  1n,
  -1n,
  127n,
  128n,
  2n ** 31n,
  2n ** 35n,
  -(2n ** 35n),
  2n ** 63n - 1n,
  -(2n ** 63n),
] as const;
const UINT64 = [
  0n,
  1n,
  128n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 35n,
  2n ** 49n,
  2n ** 63n,
  2n ** 64n - 1n,
] as const;
const DOUBLE = [0, -0, 1.5, -1e300, NaN, Infinity, -Infinity, Number.MIN_VALUE] as const;
const FLOAT = [0, -0, 1.5, 0.1, NaN, Infinity, 3.4028234663852886e38, 1e-50] as const;
const TEXT = [
  "",
  "a",
  "sixteen bytes...",
  "Grüße",
  "日本語",
  "🙂🙃",
  "\ud800 alone \udc00",
  "\ufeffmark",
  "__proto__",
  "x".repeat(42),
  "x".repeat(43),
  "ü".repeat(42),
  "日".repeat(42),
  "y".repeat(130),
  "日".repeat(1500),
  "x".repeat(4095) + "🙂" + "z".repeat(5000),
] as const;
const JSON_VALUES = [
  {},
  { a: 1, b: "x", c: null, d: [true, { e: [] }, -0], "": false },
  JSON.parse('{"__proto__": 1}'),
] as const;

/** Fields for a message, all of them proper; fewer with each level that they lie within others. */
export function randomFields(desc: DescMessage, random: Random, depth = 0): Fields {
  const fields: Fields = {};
  for (const member of desc.members) {
    if (random.oneIn(3)) continue;
    if (member.kind === "oneof") {
      const field = member.fields[random.below(member.fields.length + 1)];
      const value = field === undefined ? undefined : singleValue(field, random, depth);
      if (value !== undefined) fields[member.localName] = { case: field?.localName, value };
      else if (random.oneIn(2)) fields[member.localName] = { case: undefined };
    } else {
      const value = fieldValue(member, random, depth);
      if (value !== undefined) fields[member.localName] = value;
    }
  }
  return fields;
}

function fieldValue(field: DescField, random: Random, depth: number): unknown {
  switch (field.fieldKind) {
    case "list":
      return several(random, depth).map(() => singleValue(field, random, depth)).filter((item) =>
        item !== undefined
      );
    case "map": {
      const entries = several(random, depth).map(
        () => [mapKey(field.mapKey, random), singleValue(field, random, depth)],
      );
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
    default:
      return singleValue(field, random, depth);
  }
}

/** Places for a few items; sometimes for more, where that does not multiply. */
function several(random: Random, depth: number): undefined[] {
  return Array.from({ length: depth === 0 && random.oneIn(10) ? 40 : random.below(4 - depth) });
}

function mapKey(type: ScalarType, random: Random): string {
  return String(scalarValue(type, false, random));
}

/** A value of a field, or one of those in its list or map; undefined where messages would nest too deep. */
function singleValue(field: DescField, random: Random, depth: number): unknown {
  if (field.message !== undefined) return messageValue(field, field.message, random, depth);
  if (field.enum !== undefined) return enumValue(field.enum, random);
  return scalarValue(field.scalar, "longAsString" in field && field.longAsString, random);
}

function messageValue(field: DescField, desc: DescMessage, random: Random, depth: number): unknown {
  if (desc.typeName === "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value") {
    return random.pick(JSON_VALUES);
  }
  const [value] = desc.fields;
  const isWrapper = desc.typeName.endsWith("Value") && value?.fieldKind === "scalar" &&
    desc.fields.length === 1;
  if (isWrapper && field.fieldKind === "message" && field.oneof === undefined) {
    return scalarValue(value.scalar, false, random);
  }
  if (depth > 2) return undefined;
  return randomFields(desc, random, depth + 1);
}

function enumValue({ values, open }: DescEnum, random: Random): number {
  if (open && random.oneIn(4)) return random.pick([77, -77]);
  return values[random.below(values.length)]?.number ?? 0;
}

function scalarValue(type: ScalarType, asString: boolean, random: Random): unknown {
  const value = bareValue(type, random);
  return asString ? String(value) : value;
}

function bareValue(type: ScalarType, random: Random): unknown {
  switch (type) {
    case ScalarType.BOOL:
      return random.oneIn(2);
    case ScalarType.STRING:
      return random.pick(TEXT);
    case ScalarType.BYTES:
      return random.bytes(random.pick([0, 0, 1, 16, 48, 49, 130, 1500]));
    case ScalarType.DOUBLE:
      return random.pick(DOUBLE);
    case ScalarType.FLOAT:
      return random.pick(FLOAT);
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return random.pick(INT32);
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return random.pick(UINT32);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return random.pick(INT64);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return random.pick(UINT64);
  }
}
