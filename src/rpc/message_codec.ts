import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Code } from "./code.ts";
import { CompiledCodec } from "./codec/compiled_codec.ts";
import { protobufEsCodec } from "./codec/protobuf_es_codec.ts";
import { TtrpcError } from "./ttrpc_error.ts";

/**
 * Turns messages of one type into bytes: `size` is asked first, `encodeInto` right after, with the same
 * message.
 */
export interface MessageEncoder<Input> {
  /** How many bytes the message takes. */
  size(message: Input): number;
  /**
   * Writes the message.
   *
   * @returns The index after its last byte: `at` plus the announced size.
   */
  encodeInto(message: Input, out: Uint8Array, at: number): number;
}

/** Turns bytes into messages of one type. */
export interface MessageDecoder<Output> {
  /** Full name of the type. */
  readonly typeName: string;
  /**
   * Makes a message.
   *
   * @param isOwned Whether the bytes are the message's to keep, so that a large field may be a view of them. By
   * default they are only lent: nothing of the message refers to them.
   */
  decode(bytes: Uint8Array, isOwned?: boolean): Output;
}

/** The seam between calls and protobuf, for one message type. A message may be given by just its fields. */
export type MessageCodec<Desc extends DescMessage = DescMessage> =
  & MessageEncoder<MessageInitShape<Desc>>
  & MessageDecoder<MessageShape<Desc>>;

const codecs = new WeakMap<DescMessage, MessageCodec>();

/** The codec of a message type; the same one for the same type. */
export function messageCodec(desc: DescMessage): MessageCodec {
  const known = codecs.get(desc);
  if (known !== undefined) return known;
  const codec = new CompiledCodec(desc, protobufEsCodec(desc));
  codecs.set(desc, codec);
  return codec;
}

/**
 * How many bytes a message takes.
 *
 * @throws {TtrpcError} With code 13 if it can't be encoded.
 */
export function encodedSize<Input>(encoder: MessageEncoder<Input>, message: Input): number {
  try {
    return encoder.size(message);
  } catch (cause) {
    throw cannotEncode(cause);
  }
}

/**
 * Encodes a message of `bytes` announced bytes into `out`.
 *
 * @returns The index after its last byte.
 * @throws {TtrpcError} With code 13 if the encoder throws, or writes another number of bytes than it
 * announced.
 */
export function encodeMessage<Input>(
  encoder: MessageEncoder<Input>,
  message: Input,
  bytes: number,
  out: Uint8Array,
  at: number,
): number {
  let end: number;
  try {
    end = encoder.encodeInto(message, out, at);
  } catch (cause) {
    throw cannotEncode(cause);
  }
  if (end !== at + bytes) throw cannotEncode(new Error(`${end - at} bytes where ${bytes} were announced`));
  return end;
}

/**
 * Decodes a message of a call.
 *
 * @param isOwned Whether the message may keep views of the bytes; else they are lent.
 * @throws {TtrpcError} With code 13, naming the type, if the bytes are no such message.
 */
export function decodeMessage<Output>(
  decoder: MessageDecoder<Output>,
  bytes: Uint8Array,
  isOwned: boolean,
): Output {
  try {
    return decoder.decode(bytes, isOwned);
  } catch (cause) {
    const detail = TtrpcError.from(cause).rawMessage;
    throw new TtrpcError(`Cannot decode a ${decoder.typeName}: ${detail}`, Code.Internal, { cause });
  }
}

/** The error of a message that can't be encoded. */
export function cannotEncode(cause: unknown): TtrpcError {
  const message = `Cannot encode a message: ${TtrpcError.from(cause).rawMessage}`;
  return new TtrpcError(message, Code.Internal, { cause, requestSent: false });
}
