import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { EchoRequestSchema, Interop, ItemSchema, NumberSchema } from "../../gen/interop/v1/interop_pb.ts";
import { type Frame, FrameType } from "../../src/frame/mod.ts";
import { EMPTY, requestFrame } from "../call_frames.ts";

/** What a server answers whatever it thinks of it; no other frame has this id. */
export const PING: Frame = { streamId: 0x7ffffff0, type: FrameType.Data, flags: 0, body: EMPTY };

/** `count` ids of calls. */
export function idsFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + 2 * index);
}

/** A call of Echo. */
export function callFrame(streamId: number, request: MessageInitShape<typeof EchoRequestSchema>): Frame {
  const payload = toBinary(EchoRequestSchema, create(EchoRequestSchema, { plain: true, ...request }));
  return requestFrame(streamId, Interop.method.echo, 0, { payload });
}

/** A message for Sum. */
export function numberBytes(number: MessageInitShape<typeof NumberSchema>): Uint8Array {
  return toBinary(NumberSchema, create(NumberSchema, number));
}

/** A message for Chat, or a reply of Count. */
export function itemBytes(item: MessageInitShape<typeof ItemSchema>): Uint8Array {
  return toBinary(ItemSchema, create(ItemSchema, item));
}
