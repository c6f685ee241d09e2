import type { DescMethod } from "@bufbuild/protobuf";
import { encodeRequestHead, type RequestHead } from "../wire/request_envelope.ts";
import { type MessageCodec, messageCodec } from "./message_codec.ts";

/** What is the same for every call of a method, on either side. */
export interface MethodInfo {
  /** Describes the method. */
  readonly method: DescMethod;
  /** Whether the client sends a stream of messages. */
  readonly sendsStream: boolean;
  /** Whether the server replies with a stream of messages. */
  readonly repliesStream: boolean;
  /** Service and method as a Request begins with them. */
  readonly requestHead: RequestHead;
  /** Encodes and decodes requests. */
  readonly requests: MessageCodec;
  /** Encodes and decodes replies. */
  readonly replies: MessageCodec;
}

const known = new WeakMap<DescMethod, MethodInfo>();

/** What is known of a method; worked out once. */
export function methodInfo(method: DescMethod): MethodInfo {
  let info = known.get(method);
  if (info !== undefined) return info;
  const { methodKind, parent, name, input, output } = method;
  info = {
    method,
    sendsStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
    repliesStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
    requestHead: encodeRequestHead(parent.typeName, name),
    requests: messageCodec(input),
    replies: messageCodec(output),
  };
  known.set(method, info);
  return info;
}
