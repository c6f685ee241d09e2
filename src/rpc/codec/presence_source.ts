import type { DescField } from "@bufbuild/protobuf";
import { scalarCode } from "./scalar_code.ts";

/** When the encoder writes a field: expressions. */
export interface PresenceSource {
  /** The field's value; the other two call it `value`. */
  value: string;
  /** Whether it is written. */
  isSet: string;
  /** Whether it is proper that it is not. */
  mayBeAbsent: string;
}

// Numbers of enums in descriptor.proto, which would have to be loaded for nothing else.
const IMPLICIT = 2;
const LEGACY_REQUIRED = 3;
const EDITION_PROTO3 = 999;

/**
 * Finds out when a field is written. Whoever gives a message by its fields may leave out any, or give null for
 * it; in a message that `create` made only what has presence may be missing.
 */
export function presenceSource(field: DescField): PresenceSource {
  const name = JSON.stringify(field.localName);
  if (field.oneof !== undefined) {
    const oneof = `message[${JSON.stringify(field.oneof.localName)}]`;
    return {
      value: `${oneof}?.case === ${name} ? ${oneof}.value : OTHER_CASE`,
      isSet: "value !== OTHER_CASE",
      mayBeAbsent: "true",
    };
  }
  const value = `message[${name}]`;
  if (field.presence === IMPLICIT) {
    const mayBeAbsent = "value != null || !isCreated";
    return { value, isSet: `value != null && ${isNoDefault(field)}`, mayBeAbsent };
  }
  const mayBeAbsent = field.presence === LEGACY_REQUIRED ? "false" : "value !== null || !isCreated";
  // A message of proto2 or an edition inherits the defaults of its scalar fields.
  if (field.fieldKind === "message" || field.parent.file.edition === EDITION_PROTO3) {
    return { value, isSet: "value != null", mayBeAbsent };
  }
  return { value, isSet: `value != null && (!isCreated || Object.hasOwn(message, ${name}))`, mayBeAbsent };
}

function isNoDefault(field: DescField): string {
  switch (field.fieldKind) {
    case "scalar":
      return scalarCode(field.scalar).isSet("value");
    case "enum":
      return `value !== ${field.enum.values[0]?.number}`;
    default:
      return "true";
  }
}
