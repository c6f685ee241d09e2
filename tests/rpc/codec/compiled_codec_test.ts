import { create, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  BytesValueSchema,
  file_google_protobuf_api,
  file_google_protobuf_descriptor,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_wrappers,
} from "@bufbuild/protobuf/wkt";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { DelimitedSchema, file_codegen_editions } from "../../../gen/codegen/editions_pb.ts";
import { file_codegen_messages } from "../../../gen/codegen/messages_pb.ts";
import { file_codegen_names } from "../../../gen/codegen/names_pb.ts";
import { file_codegen_proto2 } from "../../../gen/codegen/proto2_pb.ts";
import { file_greeter_v1_greeter, HelloRequestSchema } from "../../../gen/greeter/v1/greeter_pb.ts";
import { file_interop_v1_interop } from "../../../gen/interop/v1/interop_pb.ts";
import {
  CounterSchema,
  CpuUsageSchema,
  file_mix_v1_mix,
  LabelsSchema,
  MemorySchema,
  NameSchema,
  PodSchema,
  TreeSchema,
} from "../../../gen/mix/v1/mix_pb.ts";
import { file_ttrpc_envelope } from "../../../gen/ttrpc/envelope_pb.ts";
import { CompiledCodec } from "../../../src/rpc/codec/compiled_codec.ts";
import { protobufEsCodec } from "../../../src/rpc/codec/protobuf_es_codec.ts";
import { withRandom } from "../../random.ts";
import { compareCodecs, compareDecoding, compareEncoding } from "./compare_codecs.ts";
import { countedCodec } from "./counted_codec.ts";
import { randomSchema } from "./random_schema.ts";
import { isSameValue } from "./same_value.ts";

const SCHEMAS = 25;
const FILES = [
  file_codegen_editions,
  file_codegen_messages,
  file_codegen_names,
  file_codegen_proto2,
  file_google_protobuf_api,
  file_google_protobuf_descriptor,
  file_google_protobuf_field_mask,
  file_google_protobuf_struct,
  file_google_protobuf_wrappers,
  file_greeter_v1_greeter,
  file_interop_v1_interop,
  file_mix_v1_mix,
  file_ttrpc_envelope,
];

Deno.test(
  "CompiledCodec does what protobuf-es does, with types by chance",
  { permissions: "none" },
  async () => {
    for (let i = 0; i < SCHEMAS; i++) {
      await withRandom((random) => {
        for (const desc of randomSchema(random)) {
          for (let message = 0; message < 6; message++) compareCodecs(desc, random);
        }
      });
    }
  },
);

for (const file of FILES) {
  Deno.test(
    `CompiledCodec does what protobuf-es does, with ${file.name}.proto`,
    { permissions: "none" },
    async () => {
      await withRandom((random) => {
        for (const desc of messagesOf(file)) {
          for (let message = 0; message < 6; message++) compareCodecs(desc, random);
        }
      });
    },
  );
}

const MESSAGES: [about: string, desc: DescMessage, fields: Record<string, unknown>][] = [
  ["a map's key __proto__", LabelsSchema, { labels: Object.fromEntries([["__proto__", "a"], ["b", "c"]]) }],
  ["a key __proto__ of JSON", PodSchema, { config: Object.fromEntries([["__proto__", 1], ["a", [null]]]) }],
  ["a text at the end of short ones", NameSchema, { name: "a".repeat(64) }],
  ["a text at the end of those with a length of one byte", NameSchema, { name: "ü".repeat(63) + "a" }],
  ["a long text with a pair that is cut", NameSchema, { name: "a".repeat(4094) + "🙂".repeat(3) }],
  ["the largest numbers", CpuUsageSchema, { total: 2n ** 64n - 1n, perCpu: [0n, 2n ** 63n, 2n ** 28n] }],
  ["a number of 64 bits that is too large", CpuUsageSchema, { total: 2n ** 64n }],
  ["a number of 32 bits that is too large", CounterSchema, { i: 2 ** 31 }],
  ["a float that is too large", MemorySchema, { share: 1e300 }],
  ["a double that is -0", MemorySchema, { pressure: -0 }],
];

for (const [about, desc, fields] of MESSAGES) {
  Deno.test(`CompiledCodec does what protobuf-es does, with ${about}`, { permissions: "none" }, () => {
    const { codec } = countedCodec(desc);
    compareEncoding(desc, codec, create(desc, fields));
    const bytes = compareEncoding(desc, codec, fields);
    if (bytes !== undefined) compareDecoding(desc, codec, bytes);
  });
}

const BYTES: [about: string, hex: string][] = [
  ["a field twice", "0a01610a0162"],
  ["a tag that is longer than it need be", "8a80000161"],
  ["a tag of more than 32 bits", "8a808080100161"],
  ["a tag of six bytes", "8a80808080000161"],
  ["a length of ten bytes", "0a8180808080808080800061"],
  ["a length of eleven bytes", "0a818080808080808080800061"],
  ["another wire type", "0801"],
  ["field number 0", "0201"],
  ["an unknown field of each kind", "1005190102030405060708220161" + "2d01020304"],
  ["an unknown group", "1b08011c"],
  ["an unknown field that is cut short", "2202"],
  ["a mark that is text", "0a03efbbbf"],
  ["a text that is no UTF-8", "0a01ff"],
];

for (const [about, hex] of BYTES) {
  Deno.test(`CompiledCodec does what protobuf-es does, with ${about}`, { permissions: "none" }, () => {
    compareDecoding(NameSchema, countedCodec(NameSchema).codec, Uint8Array.fromHex(hex));
  });
}

Deno.test("CompiledCodec leaves a group to protobuf-es, and not its message without it", {
  permissions: "none",
}, () => {
  const counted = countedCodec(DelimitedSchema);
  assertEquals(encode(counted.codec, {}), new Uint8Array(0));
  assertEquals(counted.left, 0);
  const fields = { note: { text: "a" } };
  const bytes = toBinary(DelimitedSchema, create(DelimitedSchema, fields));
  assertEquals(encode(counted.codec, fields), bytes);
  assertEquals(counted.codec.decode(bytes), fromBinary(DelimitedSchema, bytes));
  assertEquals(counted.left, 2);
});

Deno.test("CompiledCodec leaves the first messages to protobuf-es", { permissions: "none" }, () => {
  let left = 0;
  const protobufEs = protobufEsCodec(CounterSchema);
  const codec = new CompiledCodec(CounterSchema, {
    ...protobufEs,
    size(message) {
      left++;
      return protobufEs.size(message);
    },
  }, 2);
  for (let i = 0; i < 4; i++) assertEquals(encode(codec, { i: 7 }), new Uint8Array([8, 7]));
  assertEquals(left, 2);
});

Deno.test(
  "CompiledCodec reads as many messages within messages as protobuf-es",
  { permissions: "none" },
  () => {
    const counted = countedCodec(TreeSchema);
    let tree = {};
    for (let depth = 1; depth < 100; depth++) tree = { symlink: tree };
    const deepest = encode(counted.codec, tree);
    assert(isSameValue(counted.codec.decode(deepest), fromBinary(TreeSchema, deepest)));
    assertEquals(counted.left, 0);
    const tooDeep = encode(counted.codec, { symlink: tree });
    assertThrows(() => counted.codec.decode(tooDeep), Error, "maximum recursion depth");
  },
);

Deno.test("CompiledCodec encodes a message whose getter encodes another", { permissions: "none" }, () => {
  const { codec } = countedCodec(TreeSchema);
  const other = countedCodec(TreeSchema).codec;
  const nested: Uint8Array[] = [];
  const message = {
    get name() {
      nested.push(encode(other, { children: [{ name: "inner" }] }), encode(codec, { name: "same" }));
      return "outer";
    },
    children: [{ name: "a", children: [{ name: "b" }] }],
  };
  const plain = { name: "outer", children: message.children };
  assertEquals(encode(codec, message), toBinary(TreeSchema, create(TreeSchema, plain)));
  const inner = toBinary(TreeSchema, create(TreeSchema, { children: [{ name: "inner" }] }));
  assertEquals(nested.filter((_, i) => i % 2 === 0), nested.filter((_, i) => i % 2 === 0).map(() => inner));
});

Deno.test("CompiledCodec goes on after a message that threw in the middle", { permissions: "none" }, () => {
  const { codec } = countedCodec(TreeSchema);
  const broken = {
    children: [{ name: "a", children: [{}] }, {
      get name(): string {
        throw new RangeError("no name");
      },
    }],
  };
  assertThrows(() => codec.size(broken), RangeError, "no name");
  const good = { name: "x", children: [{ name: "a" }] };
  assertEquals(encode(codec, good), toBinary(TreeSchema, create(TreeSchema, good)));
});

Deno.test("CompiledCodec copies bytes that are only lent", { permissions: "none" }, () => {
  const { codec } = countedCodec(BytesValueSchema);
  for (const length of [1, 40, 1024, 1025, 70_000]) {
    const value = new Uint8Array(length).fill(7);
    const lent = toBinary(BytesValueSchema, create(BytesValueSchema, { value }));
    const message = codec.decode(lent);
    lent.fill(0);
    assertEquals(message, create(BytesValueSchema, { value }));
  }
});

Deno.test("CompiledCodec leaves large bytes where they are if they are the message's own", {
  permissions: "none",
}, () => {
  const { codec } = countedCodec(BytesValueSchema);
  for (const [length, isView] of [[100, false], [70_000, true]] as const) {
    const bytes = toBinary(BytesValueSchema, create(BytesValueSchema, { value: new Uint8Array(length) }));
    const [[, value] = []] = Object.entries(codec.decode(bytes, true)).filter(([name]) => name === "value");
    assert(value instanceof Uint8Array);
    assertStrictEquals(value.buffer === bytes.buffer, isView);
  }
});

function encode(codec: CompiledCodec, message: Record<string, unknown>): Uint8Array {
  const out = new Uint8Array(codec.size(message));
  assertEquals(codec.encodeInto(message, out, 0), out.length);
  return out;
}

function messagesOf({ messages }: { messages: DescMessage[] }): DescMessage[] {
  return messages.flatMap((desc) => [desc, ...messagesOf({ messages: desc.nestedMessages })]);
}

Deno.test(
  "CompiledCodec notices a long text that changes between its two passes",
  { permissions: "none" },
  () => {
    for (const change of [-1, 1]) {
      const codec = new CompiledCodec(HelloRequestSchema, protobufEsCodec(HelloRequestSchema), 0);
      let length = 100;
      const message = {
        get name() {
          return "x".repeat(length);
        },
      };
      const bytes = codec.size(message);
      length += change;
      assertThrows(() => codec.encodeInto(message, new Uint8Array(bytes + 10), 0));
    }
  },
);
