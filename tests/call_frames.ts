import { create, type DescMethod, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { CountReplySchema, HelloReplySchema } from "../gen/greeter/v1/greeter_pb.ts";
import { RequestSchema, ResponseSchema, type StatusSchema } from "../gen/ttrpc/envelope_pb.ts";
import { type Frame, FrameFlag, FrameType } from "../src/frame/mod.ts";
import type { Code } from "../src/rpc/code.ts";

/** Flags of a Data frame that ends a stream of messages. */
export const END = FrameFlag.RemoteClosed | FrameFlag.NoData;
/** Flags of a Request whose messages follow as Data. */
export const OPEN = FrameFlag.RemoteOpen | FrameFlag.NoData;
/** No message, or an empty one. */
export const EMPTY = new Uint8Array(0);
/** Bytes that are no message of any type. */
export const BROKEN = new Uint8Array([0xff, 0xff, 0xff]);

/** A HelloRequest or a HelloReply: their encodings are the same. */
export function words(text: string): Uint8Array {
  return toBinary(HelloReplySchema, create(HelloReplySchema, { text }));
}

/** A CountRequest or a CountReply: their encodings are the same. */
export function number(i: number): Uint8Array {
  return toBinary(CountReplySchema, create(CountReplySchema, { i }));
}

/** A Request, in the encoding of protobuf-es. */
export function requestFrame(
  streamId: number,
  method: DescMethod,
  flags: number,
  fields: MessageInitShape<typeof RequestSchema> = {},
): Frame {
  const names = { service: method.parent.typeName, method: method.name };
  const body = toBinary(RequestSchema, create(RequestSchema, { ...names, ...fields }));
  return { streamId, type: FrameType.Request, flags, body };
}

/** A Response with success. */
export function responseFrame(streamId: number, payload: Uint8Array): Frame {
  const body = toBinary(ResponseSchema, create(ResponseSchema, { payload }));
  return { streamId, type: FrameType.Response, flags: 0, body };
}

/** A Response with a failure; on a client's side also the cancel notice. */
export function statusFrame(
  streamId: number,
  code: Code,
  message = "",
  details: MessageInitShape<typeof StatusSchema>["details"] = [],
): Frame {
  const body = toBinary(ResponseSchema, create(ResponseSchema, { status: { code, message, details } }));
  return { streamId, type: FrameType.Response, flags: 0, body };
}

/** What a Response with a failure says. */
export function readStatus(frame: Frame): { streamId: number; code: Code; message: string } {
  const { streamId, type, body } = frame;
  const { status } = type === FrameType.Response ? fromBinary(ResponseSchema, body) : {};
  if (status === undefined) throw new Error(`Frame of type ${type} on stream ${streamId} is no failure`);
  return { streamId, code: status.code, message: status.message };
}

/** One message of a stream. */
export function dataFrame(streamId: number, body: Uint8Array, flags = 0): Frame {
  return { streamId, type: FrameType.Data, flags, body };
}

/** The end of a stream of messages. */
export function endFrame(streamId: number): Frame {
  return dataFrame(streamId, EMPTY, END);
}
