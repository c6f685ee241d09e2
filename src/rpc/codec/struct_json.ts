import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import type { ListValue, NullValue, Struct, Value } from "@bufbuild/protobuf/wkt";
import { setEntry } from "./map_entries.ts";

const NULL: NullValue.NULL_VALUE = 0;

/** The message for an object of JSON. What is no JSON becomes a value of no kind, as with protobuf-es. */
export function structOf(json: unknown): Struct {
  const struct: Struct = { $typeName: "google.protobuf.Struct", fields: {} };
  if (isObject(json)) {
    for (const [key, value] of Object.entries(json)) setEntry(struct.fields, key, valueOf(value));
  }
  return struct;
}

/** The object of JSON for a message. */
export function jsonOf({ fields }: Struct): JsonObject {
  const json: JsonObject = {};
  for (const [key, value] of Object.entries(fields)) setEntry(json, key, jsonOfValue(value));
  return json;
}

function valueOf(json: unknown): Value {
  return { $typeName: "google.protobuf.Value", kind: kindOf(json) };
}

function kindOf(json: unknown): Value["kind"] {
  switch (typeof json) {
    case "number":
      return { case: "numberValue", value: json };
    case "string":
      return { case: "stringValue", value: json };
    case "boolean":
      return { case: "boolValue", value: json };
    case "object":
      if (json === null) return { case: "nullValue", value: NULL };
      return Array.isArray(json)
        ? { case: "listValue", value: listOf(json) }
        : { case: "structValue", value: structOf(json) };
    default:
      return { case: undefined };
  }
}

function listOf(json: unknown[]): ListValue {
  return { $typeName: "google.protobuf.ListValue", values: json.map(valueOf) };
}

function jsonOfValue({ kind }: Value): JsonValue {
  switch (kind.case) {
    case "structValue":
      return jsonOf(kind.value);
    case "listValue":
      return kind.value.values.map(jsonOfValue);
    case "nullValue":
    case undefined:
      return null;
    default:
      return kind.value;
  }
}

function isObject(json: unknown): json is Record<string, unknown> {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
