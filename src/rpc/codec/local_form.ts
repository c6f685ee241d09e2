import type { DescMessage } from "@bufbuild/protobuf";

/** A field, list or map whose values are messages. */
export interface MessageField {
  readonly fieldKind: "message" | "list" | "map";
  readonly message: DescMessage;
  readonly parent: DescMessage;
  readonly oneof: unknown;
}

/** Types whose only field stands for the whole message. */
const WRAPPER = /^google\.protobuf\.(Double|Float|U?Int(64|32)|Bool|String|Bytes)Value$/;

/**
 * How protobuf-es has a message within another: mostly as a message, but a wrapper as the value in it, and a
 * `google.protobuf.Struct` as an object of JSON.
 */
export function localForm({ fieldKind, message, parent, oneof }: MessageField): "message" | "value" | "json" {
  if (message.typeName === "google.protobuf.Struct") {
    return parent.typeName === "google.protobuf.Value" ? "message" : "json";
  }
  return fieldKind === "message" && oneof === undefined && isWrapper(message) ? "value" : "message";
}

function isWrapper({ typeName, fields: [field] }: DescMessage): boolean {
  return WRAPPER.test(typeName) && field?.fieldKind === "scalar" && field.name === "value" &&
    field.number === 1;
}
