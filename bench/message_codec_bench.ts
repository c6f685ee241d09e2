// Messages alone: the compiled codec beside protobuf-es. Types take turns, small and large, flat and nested, so
// that no code is fast only because it has seen a single type.
import { create, toBinary } from "@bufbuild/protobuf";
import { protobufEsCodec } from "../src/rpc/codec/protobuf_es_codec.ts";
import { type MessageCodec, messageCodec } from "../src/rpc/message_codec.ts";
import { MIX } from "./mix_messages.ts";

/** What is measured together. */
const GROUPS: [name: string, maxBytes: number][] = [
  ["up to 20 bytes", 20],
  ["up to 300 bytes", 300],
  ["all", Infinity],
];
/** Rounds over all types before anything is measured. */
const WARM_UP = 500;

const out = new Uint8Array(70_000);
const messages = MIX.map(([, desc, fields]) => ({
  fields,
  created: create(desc, fields),
  bytes: toBinary(desc, create(desc, fields)),
  compiled: messageCodec(desc),
  protobufEs: protobufEsCodec(desc),
}));

function encode(codec: MessageCodec, message: Record<string, unknown>): void {
  codec.size(message);
  codec.encodeInto(message, out, 0);
}

for (let i = 0; i < WARM_UP; i++) {
  for (const { compiled, fields, created, bytes } of messages) {
    encode(compiled, fields);
    encode(compiled, created);
    compiled.decode(bytes);
  }
}

for (const [name, maxBytes] of GROUPS) {
  const group = messages.filter(({ bytes }) => bytes.length <= maxBytes);
  const types = `${group.length} types, ${name}`;
  Deno.bench(`protobuf-es encodes ${types}`, { group: `encode ${name}`, baseline: true }, () => {
    for (const { protobufEs, fields } of group) encode(protobufEs, fields);
  });
  Deno.bench(`compiled code encodes ${types}`, { group: `encode ${name}` }, () => {
    for (const { compiled, fields } of group) encode(compiled, fields);
  });
  Deno.bench(`compiled code encodes created messages of ${types}`, { group: `encode ${name}` }, () => {
    for (const { compiled, created } of group) encode(compiled, created);
  });
  Deno.bench(`protobuf-es decodes ${types}`, { group: `decode ${name}`, baseline: true }, () => {
    for (const { protobufEs, bytes } of group) protobufEs.decode(bytes);
  });
  Deno.bench(`compiled code decodes ${types}`, { group: `decode ${name}` }, () => {
    for (const { compiled, bytes } of group) compiled.decode(bytes);
  });
}
