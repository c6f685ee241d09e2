import type { DescMessage, Message, MessageInitShape } from "@bufbuild/protobuf";
import type { MessageCodec } from "../message_codec.ts";
import { mayCompile } from "./compile.ts";
import { lengths } from "./lengths.ts";
import { type MessageDecoder, messageDecoder } from "./message_decoder.ts";
import { type MessageEncoder, messageEncoder } from "./message_encoder.ts";
import { WireReader } from "./wire_reader.ts";

/**
 * So many messages of a type are left to protobuf-es in each direction before it is worth compiling: that takes
 * as long as some hundred messages, and a process may make a single call.
 */
const EARLY_MESSAGES = 32;

const reader = new WireReader();
/** Whether a pass is under way; a getter of a message may encode another one meanwhile. */
let isEncoding = false;

/**
 * The codec of a type by code that was compiled for it.
 *
 * The code does what is usual and proper, and that fast. At the first sign of anything else it gives up, and
 * the message is begun anew by protobuf-es, which knows whether it is unusual or wrong, and says so.
 */
export class CompiledCodec implements MessageCodec {
  /** Full name of the type. */
  readonly typeName: string;
  readonly #desc: DescMessage;
  readonly #protobufEs: MessageCodec;
  #encoder: MessageEncoder | undefined;
  #decoder: MessageDecoder | undefined;
  #earlyEncodes: number;
  #earlyDecodes: number;
  #usesProtobufEs = false;

  /**
   * @param desc The type.
   * @param protobufEs Its codec for all that is unusual.
   * @param earlyMessages How many messages that codec encodes and decodes at first, whatever they are.
   */
  constructor(desc: DescMessage, protobufEs: MessageCodec, earlyMessages = EARLY_MESSAGES) {
    this.typeName = desc.typeName;
    this.#desc = desc;
    this.#protobufEs = protobufEs;
    this.#earlyEncodes = earlyMessages;
    this.#earlyDecodes = earlyMessages;
  }

  /** How many bytes the message takes. */
  size(message: MessageInitShape<DescMessage>): number {
    const compiled = isEncoding ? undefined : this.#compiledSize(message);
    const bytes = compiled ?? this.#protobufEs.size(message);
    // Last, as a getter may have measured another message of this type.
    this.#usesProtobufEs = compiled === undefined;
    return bytes;
  }

  /** Writes the message whose size was asked last. */
  encodeInto(message: MessageInitShape<DescMessage>, out: Uint8Array, at: number): number {
    if (this.#usesProtobufEs || this.#encoder === undefined) {
      return this.#protobufEs.encodeInto(message, out, at);
    }
    lengths.rewind();
    isEncoding = true;
    try {
      return this.#encoder.write(message, out, at);
    } finally {
      isEncoding = false;
    }
  }

  /** Makes a message. */
  decode(bytes: Uint8Array, isOwned = false): Message {
    return this.#compiledDecode(bytes, isOwned) ?? this.#protobufEs.decode(bytes, isOwned);
  }

  /** The size by compiled code; undefined if it is not compiled or not made for this message. */
  #compiledSize(message: MessageInitShape<DescMessage>): number | undefined {
    if (this.#encoder === undefined) {
      if (this.#earlyEncodes-- > 0 || !mayCompile()) return undefined;
      this.#encoder = messageEncoder(this.#desc);
    }
    lengths.begin();
    isEncoding = true;
    try {
      return this.#encoder.size(message, false);
    } catch {
      return undefined;
    } finally {
      isEncoding = false;
    }
  }

  /** The message by compiled code; undefined if it is not compiled or not made for these bytes. */
  #compiledDecode(bytes: Uint8Array, isOwned: boolean): Message | undefined {
    if (this.#decoder === undefined) {
      if (this.#earlyDecodes-- > 0 || !mayCompile()) return undefined;
      this.#decoder = messageDecoder(this.#desc);
    }
    reader.open(bytes, isOwned);
    try {
      return this.#decoder.read(reader, bytes.length);
    } catch {
      return undefined;
    } finally {
      reader.close();
    }
  }
}
