import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { EchoRequestSchema, EchoResponseSchema, Interop } from "../../gen/interop/v1/interop_pb.ts";
import { DEFAULT_MAX_BODY_BYTES, encodeRequest, encodeResponse } from "../../src/frame/mod.ts";

/** The largest body of a frame. */
export const MAX = DEFAULT_MAX_BODY_BYTES;

/** What is said of a body of one byte more. */
export const TOO_LONG = tooLong(MAX + 1);

/** What is said of a body of so many bytes. */
export function tooLong(bytes: number): string {
  return `message length ${bytes} exceed maximum message size of ${MAX}`;
}

/** The message of an Echo. */
export function echoBytes(request: MessageInitShape<typeof EchoRequestSchema>): Uint8Array {
  return toBinary(EchoRequestSchema, create(EchoRequestSchema, request));
}

/** How long the payload of an Echo is whose Request has a body of so many bytes. */
export function requestPayloadBytes(bytes: number): number {
  const payload = echoBytes({ payload: new Uint8Array(bytes) });
  const envelope = { service: Interop.typeName, method: "Echo", payload, timeoutNanos: 0n, metadata: [] };
  return 2 * bytes - encodeRequest(envelope).length;
}

/** The same of an Echo's Response. */
export function replyPayloadBytes(bytes: number): number {
  const reply = create(EchoResponseSchema, { payload: new Uint8Array(bytes) });
  return 2 * bytes - encodeResponse({ payload: toBinary(EchoResponseSchema, reply) }).length;
}
