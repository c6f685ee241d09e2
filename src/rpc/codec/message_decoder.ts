import type { DescMessage, Message } from "@bufbuild/protobuf";
import { check } from "./check.ts";
import { compile } from "./compile.ts";
import { decoderSource } from "./decoder_source.ts";
import { setEntry } from "./map_entries.ts";
import { jsonOf } from "./struct_json.ts";
import { closedEnum } from "./value_checks.ts";
import type { WireReader } from "./wire_reader.ts";

/** Reads messages of one type. */
export interface MessageDecoder {
  /**
   * Reads the fields of a message up to `end`.
   *
   * @param message What the fields are added to; a new message by default.
   * @throws {Error} If the bytes are not what it is made for; they may be proper all the same.
   */
  read(reader: WireReader, end: number, message?: Message): Message;
}

/** The value of fields without bytes. It is the users', who may transfer it, and nobody else's. */
const NO_BYTES = new Uint8Array(0);

/** All that compiled decoders call. */
const SCOPE = { check, closedEnum, jsonOf, NO_BYTES, setEntry };

const decoders = new WeakMap<DescMessage, MessageDecoder>();

/**
 * The decoder of a type, compiled when it is first asked for.
 *
 * @throws {EvalError} If the runtime forbids to make code of strings.
 */
export function messageDecoder(desc: DescMessage): MessageDecoder {
  let decoder = decoders.get(desc);
  if (decoder === undefined) {
    decoder = compile<MessageDecoder>(desc, decoderSource, messageDecoder, SCOPE);
    decoders.set(desc, decoder);
  }
  return decoder;
}
