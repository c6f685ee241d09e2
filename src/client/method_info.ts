import type { DescMethod } from "@bufbuild/protobuf";
import { type MessageCodec, messageCodec } from "../rpc/message_codec.ts";
import { repliesStream, sendsStream } from "../rpc/method_kind.ts";
import { encodeRequestHead } from "../wire/request_envelope.ts";

/** What is the same for every call of a method, made at the first one. */
export interface MethodInfo {
  /** Describes the method. */
  readonly method: DescMethod;
  /** Whether the client sends a stream. */
  readonly sendsStream: boolean;
  /** Whether the server replies with a stream. */
  readonly repliesStream: boolean;
  /** Service and method as a Request begins with them. */
  readonly requestHead: Uint8Array;
  /** Encodes requests. */
  readonly requests: MessageCodec;
  /** Decodes replies. */
  readonly replies: MessageCodec;
}

const known = new WeakMap<DescMethod, MethodInfo>();

/** What is known of a method. */
export function methodInfo(method: DescMethod): MethodInfo {
  let info = known.get(method);
  if (info !== undefined) return info;
  info = {
    method,
    sendsStream: sendsStream(method),
    repliesStream: repliesStream(method),
    requestHead: encodeRequestHead(method.parent.typeName, method.name),
    requests: messageCodec(method.input),
    replies: messageCodec(method.output),
  };
  known.set(method, info);
  return info;
}
