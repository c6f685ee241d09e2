import type { DescMethod } from "@bufbuild/protobuf";

/** Whether the client of a method sends a stream of messages. */
export function sendsStream(method: DescMethod): boolean {
  return method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming";
}

/** Whether the server of a method replies with a stream of messages. */
export function repliesStream(method: DescMethod): boolean {
  return method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming";
}
