import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { encodeBody } from "../connection/send_message.ts";
import type { WriterPipe } from "../connection/writer_pipe.ts";
import { encodedSize } from "../rpc/message_codec.ts";
import type { Metadata } from "../rpc/metadata.ts";
import type { MethodInfo } from "../rpc/method_info.ts";
import { FrameFlag, FrameType } from "../wire/frame.ts";
import { payloadPrefixBytes, writePayloadPrefix } from "../wire/payload_field.ts";
import { encodeRequestTail, REQUEST_PAYLOAD_FIELD } from "../wire/request_envelope.ts";
import { writeRaw } from "../wire/write_raw.ts";

/** What a call sends in its Request besides its message. */
export interface RequestParts {
  /** Names the method. */
  info: MethodInfo;
  /** What is left until the deadline, 0 for none. */
  timeoutNanos: bigint;
  /** Metadata, if there is any. */
  metadata: Metadata | undefined;
  /** Gives the call its id, once nothing can fail any more. */
  takeId: () => number;
}

/**
 * Sends the Request of a call whose client sends one message (PROTOCOL.md C1, C3).
 *
 * @throws {TtrpcError} With code 8 if the Request is over the limit, 13 if the message can't be encoded.
 */
export function sendRequest(
  writer: WriterPipe,
  message: MessageInitShape<DescMessage>,
  { info, timeoutNanos, metadata, takeId }: RequestParts,
): void {
  const head = info.requestHead.bytes;
  const messageBytes = encodedSize(info.requests, message);
  const tail = encodeRequestTail(timeoutNanos, metadata);
  const start = writer.begin(head.length + payloadPrefixBytes(messageBytes) + messageBytes + tail.length);
  const afterHead = writeRaw(writer.bytes, start, head);
  const at = writePayloadPrefix(writer.bytes, afterHead, REQUEST_PAYLOAD_FIELD, messageBytes);
  // Before the message, whose getters may make calls of their own, with a tail of their own.
  const end = writeRaw(writer.bytes, at + messageBytes, tail);
  encodeBody(writer, info.requests, message, messageBytes, at);
  writer.commit(takeId(), FrameType.Request, info.repliesStream ? FrameFlag.RemoteClosed : 0, end);
}

/**
 * Sends the Request of a call whose client sends a stream: it holds no message, and says so (PROTOCOL.md C3).
 */
export function sendOpeningRequest(
  writer: WriterPipe,
  { info, timeoutNanos, metadata, takeId }: RequestParts,
): void {
  const head = info.requestHead.bytes;
  const tail = encodeRequestTail(timeoutNanos, metadata);
  const start = writer.begin(head.length + tail.length);
  const end = writeRaw(writer.bytes, writeRaw(writer.bytes, start, head), tail);
  writer.commit(takeId(), FrameType.Request, FrameFlag.RemoteOpen | FrameFlag.NoData, end);
}
