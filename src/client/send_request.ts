import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import type { WriterPipe } from "../connection/writer_pipe.ts";
import { encodedSize, encodeMessage } from "../rpc/message_codec.ts";
import type { MethodInfo } from "../rpc/method_info.ts";
import { FrameFlag, FrameType } from "../wire/frame.ts";
import { payloadPrefixBytes, writePayloadPrefix } from "../wire/payload_field.ts";
import { REQUEST_PAYLOAD_FIELD } from "../wire/request_envelope.ts";

/**
 * Sends the Request of a call whose client sends one message (PROTOCOL.md C1, C3).
 *
 * @param tail Timeout and metadata, encoded.
 * @param takeId Gives the call its id, once nothing can fail any more.
 * @throws {TtrpcError} With code 8 if the Request is over the limit, 13 if the message can't be encoded.
 */
export function sendRequest(
  writer: WriterPipe,
  info: MethodInfo,
  message: MessageInitShape<DescMessage>,
  tail: Uint8Array,
  takeId: () => number,
): void {
  const { requestHead, requests, repliesStream } = info;
  const bytes = encodedSize(requests, message);
  let at = writer.begin(requestHead.length + payloadPrefixBytes(bytes) + bytes + tail.length);
  writer.bytes.set(requestHead, at);
  at = writePayloadPrefix(writer.bytes, at + requestHead.length, REQUEST_PAYLOAD_FIELD, bytes);
  at = encodeMessage(requests, message, bytes, writer.bytes, at);
  writer.bytes.set(tail, at);
  writer.commit(takeId(), FrameType.Request, repliesStream ? FrameFlag.RemoteClosed : 0, at + tail.length);
}

/**
 * Sends the Request of a call whose client sends a stream: it holds no message, and says so (PROTOCOL.md C3).
 */
export function sendOpeningRequest(
  writer: WriterPipe,
  info: MethodInfo,
  tail: Uint8Array,
  takeId: () => number,
): void {
  const { requestHead } = info;
  const at = writer.begin(requestHead.length + tail.length);
  writer.bytes.set(requestHead, at);
  writer.bytes.set(tail, at + requestHead.length);
  const end = at + requestHead.length + tail.length;
  writer.commit(takeId(), FrameType.Request, FrameFlag.RemoteOpen | FrameFlag.NoData, end);
}
