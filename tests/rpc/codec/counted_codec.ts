import type { DescMessage } from "@bufbuild/protobuf";
import { CompiledCodec } from "../../../src/rpc/codec/compiled_codec.ts";
import { protobufEsCodec } from "../../../src/rpc/codec/protobuf_es_codec.ts";

/** A compiled codec, and how many messages it has left to protobuf-es. */
export interface CountedCodec {
  codec: CompiledCodec;
  left: number;
}

/** Makes a codec that compiles at once and counts what it leaves to protobuf-es. */
export function countedCodec(desc: DescMessage): CountedCodec {
  const protobufEs = protobufEsCodec(desc);
  const codec = new CompiledCodec(desc, {
    ...protobufEs,
    size(message) {
      counted.left++;
      return protobufEs.size(message);
    },
    decode(bytes, isOwned) {
      counted.left++;
      return protobufEs.decode(bytes, isOwned);
    },
  }, 0);
  const counted = { codec, left: 0 };
  return counted;
}
