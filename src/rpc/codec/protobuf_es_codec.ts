import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { MAX_BODY_BYTES, NO_BYTES } from "../../wire/frame.ts";
import type { MessageCodec } from "../message_codec.ts";
import { requireType } from "../require_type.ts";

/**
 * The codec that leaves everything to protobuf-es, whatever there may be in a message. That encodes to bytes
 * of its own, so `size` keeps them for the `encodeInto` that follows.
 */
export function protobufEsCodec(desc: DescMessage): MessageCodec {
  let encoded = NO_BYTES;
  return {
    typeName: desc.typeName,
    size(message) {
      const bytes = toBinary(desc, create(desc, requireType(desc, message)));
      // What no frame can hold is refused before it is encoded, and not kept.
      encoded = bytes.length <= MAX_BODY_BYTES ? bytes : NO_BYTES;
      return bytes.length;
    },
    encodeInto(_message, out, at) {
      out.set(encoded, at);
      const end = at + encoded.length;
      encoded = NO_BYTES;
      return end;
    },
    // Protobuf-es gives `bytes` fields as views of its input.
    decode: (bytes, isOwned = false) => fromBinary(desc, isOwned ? bytes : bytes.slice()),
  };
}
