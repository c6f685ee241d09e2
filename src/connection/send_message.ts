import { cannotEncode, encodedSize, encodeMessage, type MessageEncoder } from "../rpc/message_codec.ts";
import { FRAME_HEADER_BYTES, FrameFlag, FrameType, NO_BYTES } from "../wire/frame.ts";
import type { WriterPipe } from "./writer_pipe.ts";

/**
 * Sends one message of a stream.
 *
 * @returns How many bytes the frame takes.
 * @throws {TtrpcError} With code 8 if the message is over the limit, 13 if it can't be encoded; nothing is
 * sent then.
 */
export function sendMessage<Input>(
  writer: WriterPipe,
  streamId: number,
  encoder: MessageEncoder<Input>,
  message: Input,
): number {
  const bytes = encodedSize(encoder, message);
  const at = writer.begin(bytes);
  const end = encodeBody(writer, encoder, message, bytes, at);
  writer.commit(streamId, FrameType.Data, 0, end);
  return FRAME_HEADER_BYTES + bytes;
}

/**
 * Encodes a message into the frame that was begun.
 *
 * @param bytes Its size.
 * @param at Where it begins.
 * @returns The index after its last byte.
 * @throws {TtrpcError} With code 13 if it can't be encoded.
 */
export function encodeBody<Input>(
  writer: WriterPipe,
  encoder: MessageEncoder<Input>,
  message: Input,
  bytes: number,
  at: number,
): number {
  const out = writer.bytes;
  writer.hold();
  try {
    const end = encodeMessage(encoder, message, bytes, out, at);
    if (writer.bytes === out) return end;
  } finally {
    writer.release();
  }
  throw cannotEncode(new Error("a getter of it sends on the same connection"));
}

/** Says that no message follows on a stream (PROTOCOL.md C3, R2). */
export function sendEnd(writer: WriterPipe, streamId: number): void {
  writer.send(streamId, FrameType.Data, FrameFlag.RemoteClosed | FrameFlag.NoData, NO_BYTES);
}
