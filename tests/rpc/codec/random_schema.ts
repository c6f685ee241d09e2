import { create, createFileRegistry, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type DescriptorProto,
  DescriptorProtoSchema,
  Edition,
  type EnumDescriptorProto,
  EnumDescriptorProtoSchema,
  FeatureSet_EnumType as EnumType,
  FeatureSet_FieldPresence as FieldPresence,
  FeatureSet_MessageEncoding as MessageEncoding,
  FeatureSet_RepeatedFieldEncoding as RepeatedFieldEncoding,
  FeatureSet_Utf8Validation as Utf8Validation,
  type FeatureSetSchema,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  type FieldDescriptorProtoSchema,
  FieldOptions_JSType as JSType,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import type { Random } from "../../random.ts";

type Field = Exclude<MessageInitShape<typeof FieldDescriptorProtoSchema>, FieldDescriptorProto>;
type Features = MessageInitShape<typeof FeatureSetSchema>;
type Syntax = "proto2" | "proto3" | "editions";

const MESSAGES = ["A", "B", "C", "D"] as const;
const ENUMS = ["Open", "Closed"] as const;
const WELL_KNOWN = [
  ".google.protobuf.Struct",
  ".google.protobuf.Value",
  ".google.protobuf.Timestamp",
  ".google.protobuf.Int64Value",
  ".google.protobuf.FloatValue",
  ".google.protobuf.BoolValue",
  ".google.protobuf.StringValue",
  ".google.protobuf.BytesValue",
] as const;
const WELL_KNOWN_FILES = [
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
  file_google_protobuf_wrappers,
];
const SCALARS = [
  Type.DOUBLE,
  Type.FLOAT,
  Type.INT64,
  Type.UINT64,
  Type.INT32,
  Type.FIXED64,
  Type.FIXED32,
  Type.BOOL,
  Type.STRING,
  Type.BYTES,
  Type.UINT32,
  Type.SFIXED32,
  Type.SFIXED64,
  Type.SINT32,
  Type.SINT64,
] as const;
const LONGS = new Set<Type>([Type.INT64, Type.UINT64, Type.FIXED64, Type.SFIXED64, Type.SINT64]);
const NO_MAP_KEYS = new Set<Type>([Type.DOUBLE, Type.FLOAT, Type.BYTES]);
const NOT_PACKED = new Set<Type>([Type.STRING, Type.BYTES]);

/** Makes a file with a few message types of fields by chance, which refer to each other in any way. */
export function randomSchema(random: Random): DescMessage[] {
  const syntax = random.pick<Syntax>(["proto2", "proto3", "editions"]);
  const file = create(FileDescriptorProtoSchema, {
    name: "random.proto",
    syntax,
    edition: syntax === "editions" ? Edition.EDITION_2023 : Edition.EDITION_UNKNOWN,
    options: syntax === "editions" ? { features: fileFeatures(random) } : {},
    dependency: WELL_KNOWN_FILES.map(({ proto }) => proto.name),
    messageType: MESSAGES.map((name) => randomMessage(name, syntax, random)),
    enumType: ENUMS.map((name) => enumType(name, syntax)),
  });
  const registry = createFileRegistry(
    file,
    (name) => WELL_KNOWN_FILES.find(({ proto }) => proto.name === name),
  );
  return MESSAGES.map((name) => registry.getMessage(name)).filter((desc) => desc !== undefined);
}

function fileFeatures(random: Random): Features {
  return {
    fieldPresence: random.pick([FieldPresence.EXPLICIT, FieldPresence.IMPLICIT]),
    repeatedFieldEncoding: random.pick([RepeatedFieldEncoding.PACKED, RepeatedFieldEncoding.EXPANDED]),
    utf8Validation: random.pick([Utf8Validation.VERIFY, Utf8Validation.NONE]),
  };
}

function enumType(name: (typeof ENUMS)[number], syntax: Syntax): EnumDescriptorProto {
  const isClosed = syntax === "proto2" || syntax === "editions" && name === "Closed";
  return create(EnumDescriptorProtoSchema, {
    name,
    value: [["ZERO", 0], ["ONE", 1], ["BIG", 300], ["MINUS", -1]].map(([value, number]) => ({
      name: `${name}_${value}`,
      number: Number(number),
    })),
    options: syntax === "editions"
      ? { features: { enumType: isClosed ? EnumType.CLOSED : EnumType.OPEN } }
      : {},
  });
}

function randomMessage(name: string, syntax: Syntax, random: Random): DescriptorProto {
  const field: Field[] = [];
  const nestedType: DescriptorProto[] = [];
  const oneofDecl = Array.from({ length: random.below(3) }, (_, i) => ({ name: `choice_${i}` }));
  const numbers = fieldNumbers(random);
  const closed = syntax === "editions";
  for (const oneofIndex of oneofDecl.keys()) {
    for (const number of numbers.splice(0, 1 + random.below(4))) {
      field.push({ ...valueType(number, closed, random), label: Label.OPTIONAL, oneofIndex });
    }
  }
  for (const number of numbers) {
    switch (random.below(4)) {
      case 0:
        field.push(list(valueType(number, true, random), syntax, random));
        break;
      case 1: {
        const entry = mapEntry(number, syntax, random);
        nestedType.push(entry);
        const typeName = `.${name}.${entry.name}`;
        field.push({ name: `f_${number}`, number, label: Label.REPEATED, type: Type.MESSAGE, typeName });
        break;
      }
      default: {
        const one = single(valueType(number, true, random), syntax, random);
        if (one.proto3Optional) one.oneofIndex = oneofDecl.push({ name: `_f_${number}` }) - 1;
        field.push(one);
      }
    }
  }
  return create(DescriptorProtoSchema, { name, field: random.shuffle(field), nestedType, oneofDecl });
}

/** A few numbers that differ, most of them small. */
function fieldNumbers(random: Random): number[] {
  const numbers = Array.from({ length: 2 + random.below(12) }, () => 1 + random.below(18));
  if (random.oneIn(3)) numbers.push(random.pick([2047, 2048, 70_000, 2 ** 29 - 1]));
  return [...new Set(numbers)];
}

/** A field of any type. */
function valueType(number: number, mayBeClosed: boolean, random: Random): Field {
  const field = { name: `f_${number}`, number };
  switch (random.below(6)) {
    case 0:
      return { ...field, type: Type.MESSAGE, typeName: `.${random.pick(MESSAGES)}` };
    case 1:
      return { ...field, type: Type.MESSAGE, typeName: random.pick(WELL_KNOWN) };
    case 2:
      return { ...field, type: Type.ENUM, typeName: `.${mayBeClosed ? random.pick(ENUMS) : ENUMS[0]}` };
    default:
      return { ...field, type: random.pick(SCALARS), options: {} };
  }
}

function single(field: Field, syntax: Syntax, random: Random): Field {
  const jstype = LONGS.has(field.type ?? Type.BOOL) && random.oneIn(4) ? JSType.JS_STRING : JSType.JS_NORMAL;
  const one = { ...field, label: Label.OPTIONAL, options: { jstype } };
  switch (syntax) {
    case "proto3":
      return { ...one, proto3Optional: random.oneIn(4) };
    case "proto2":
      return { ...one, label: random.oneIn(12) ? Label.REQUIRED : Label.OPTIONAL };
    case "editions":
      return { ...one, options: { jstype, features: fieldFeatures(field, random) } };
  }
}

function fieldFeatures({ type, typeName }: Field, random: Random): Features {
  if (type === Type.MESSAGE) {
    return random.oneIn(20) ? { messageEncoding: MessageEncoding.DELIMITED } : {};
  }
  if (typeName === ".Closed") return { fieldPresence: FieldPresence.EXPLICIT };
  const presences = [FieldPresence.EXPLICIT, FieldPresence.IMPLICIT, FieldPresence.LEGACY_REQUIRED] as const;
  return random.oneIn(2) ? { fieldPresence: presences[random.below(random.oneIn(6) ? 3 : 2)] } : {};
}

function list(field: Field, syntax: Syntax, random: Random): Field {
  const jstype = LONGS.has(field.type ?? Type.BOOL) && random.oneIn(4) ? JSType.JS_STRING : JSType.JS_NORMAL;
  const isPackable = field.type !== Type.MESSAGE && !NOT_PACKED.has(field.type ?? Type.BOOL);
  if (!isPackable || syntax === "editions") return { ...field, label: Label.REPEATED, options: { jstype } };
  return { ...field, label: Label.REPEATED, options: { jstype, packed: random.oneIn(2) } };
}

function mapEntry(number: number, syntax: Syntax, random: Random): DescriptorProto {
  const keys = SCALARS.filter((type) => !NO_MAP_KEYS.has(type));
  const type = keys[random.below(keys.length)] ?? Type.STRING;
  return create(DescriptorProtoSchema, {
    name: `F${number}Entry`,
    options: { mapEntry: true },
    field: [
      { name: "key", number: 1, label: Label.OPTIONAL, type },
      { ...valueType(2, syntax !== "proto3", random), name: "value", label: Label.OPTIONAL },
    ],
  });
}
