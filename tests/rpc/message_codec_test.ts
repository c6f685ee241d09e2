import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  toBinary,
} from "@bufbuild/protobuf";
import {
  BytesValueSchema,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorSetSchema,
  ListValueSchema,
  StructSchema,
  ValueSchema,
} from "@bufbuild/protobuf/wkt";
import { assert, assertEquals, assertInstanceOf, assertStrictEquals, assertThrows } from "@std/assert";
import { CountRequestSchema, HelloReplySchema, HelloRequestSchema } from "../../gen/greeter/v1/greeter_pb.ts";
import { NoteSchema } from "../../gen/codegen/proto2_pb.ts";
import { Code } from "../../src/rpc/code.ts";
import {
  decodeMessage,
  encodedSize,
  encodeMessage,
  type MessageCodec,
  messageCodec,
  type MessageEncoder,
} from "../../src/rpc/message_codec.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";

/** The scalar types, each with its values at the edges. */
const SCALARS: [type: Type, values: unknown[]][] = [
  [Type.DOUBLE, [-0, Infinity, Number.MIN_VALUE]],
  [Type.FLOAT, [1.5, -Infinity]],
  [Type.INT64, [-(2n ** 63n), 2n ** 63n - 1n]],
  [Type.UINT64, [2n ** 64n - 1n, 1n]],
  [Type.INT32, [-(2 ** 31), 2 ** 31 - 1]],
  [Type.FIXED64, [2n ** 64n - 1n, 1n]],
  [Type.FIXED32, [2 ** 32 - 1, 1]],
  [Type.BOOL, [true, false]],
  [Type.STRING, ["Grüße 🙂", ""]],
  [Type.BYTES, [new Uint8Array([0, 255]), new Uint8Array(0)]],
  [Type.UINT32, [2 ** 32 - 1, 1]],
  [Type.SFIXED32, [-(2 ** 31), 1]],
  [Type.SFIXED64, [-(2n ** 63n), 1n]],
  [Type.SINT32, [-(2 ** 31), 2 ** 31 - 1]],
  [Type.SINT64, [-(2n ** 63n), 2n ** 63n - 1n]],
];

/** A message type that has each scalar type once alone and once repeated. */
function scalarsSchema(): DescMessage {
  const field = SCALARS.flatMap(([type], i) => [
    { name: `one${type}`, number: 2 * i + 1, type, label: FieldDescriptorProto_Label.OPTIONAL },
    { name: `many${type}`, number: 2 * i + 2, type, label: FieldDescriptorProto_Label.REPEATED },
  ]);
  const file = { name: "scalars.proto", syntax: "proto3", messageType: [{ name: "Scalars", field }] };
  const desc = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] })).getMessage("Scalars");
  assert(desc !== undefined);
  return desc;
}

const SCALARS_SCHEMA = scalarsSchema();

function scalars(): ReturnType<typeof create> {
  const fields = SCALARS.flatMap(([type, values]) => [[`one${type}`, values[0]], [`many${type}`, values]]);
  return create(SCALARS_SCHEMA, Object.fromEntries(fields));
}

const MESSAGES: [about: string, desc: DescMessage, message: ReturnType<typeof create>][] = [
  ["every scalar type, alone and repeated", SCALARS_SCHEMA, scalars()],
  ["no field that is set", HelloRequestSchema, create(HelloRequestSchema)],
  [
    "map, oneof, enum and nested messages",
    StructSchema,
    create(StructSchema, {
      fields: {
        "": { kind: { case: "nullValue", value: 0 } },
        text: { kind: { case: "stringValue", value: "" } },
        list: {
          kind: {
            case: "listValue",
            value: create(ListValueSchema, {
              values: [{ kind: { case: "numberValue", value: 0 } }, create(ValueSchema)],
            }),
          },
        },
      },
    }),
  ],
  ["required fields and groups", NoteSchema, create(NoteSchema, { text: "", part: [{ text: "a" }, {}] })],
  ["unknown fields", HelloRequestSchema, fromBinary(HelloRequestSchema, new Uint8Array([0xf8, 0x07, 0x2a]))],
];

/** Encodes as the module does: with the size first, into the middle of a buffer. */
function encode<Input>(encoder: MessageEncoder<Input>, message: Input): Uint8Array {
  const bytes = encodedSize(encoder, message);
  const out = new Uint8Array(bytes + 6).fill(0xee);
  const end = encodeMessage(encoder, message, bytes, out, 3);
  assertEquals([end, out.slice(0, 3), out.slice(end)], [
    3 + bytes,
    new Uint8Array(3).fill(0xee),
    new Uint8Array(3).fill(0xee),
  ]);
  return out.slice(3, end);
}

for (const [about, desc, message] of MESSAGES) {
  Deno.test(`messageCodec() carries ${about}`, { permissions: "none" }, () => {
    const codec = messageCodec(desc);
    const bytes = encode(codec, message);
    assertEquals(bytes, toBinary(desc, message));
    const decoded = decodeMessage(codec, bytes, false);
    assertEquals(decoded, message);
    assertEquals(decoded.$unknown, message.$unknown);
  });
}

Deno.test("messageCodec() takes a message by just its fields", { permissions: "none" }, () => {
  const fields: MessageInitShape<typeof HelloReplySchema> = { text: "hi" };
  assertEquals(encode(messageCodec(HelloReplySchema), fields), new Uint8Array([0x0a, 2, 0x68, 0x69]));
});

Deno.test("messageCodec() gives the same codec for the same type", { permissions: "none" }, () => {
  assertStrictEquals(messageCodec(HelloReplySchema), messageCodec(HelloReplySchema));
  assert(messageCodec(HelloReplySchema) !== messageCodec(HelloRequestSchema));
});

Deno.test("messageCodec() forgets a message that was sized and given up", { permissions: "none" }, () => {
  const codec = messageCodec(HelloRequestSchema);
  codec.size(create(HelloRequestSchema, { name: "given up" }));
  assertEquals(encode(codec, create(HelloRequestSchema, { name: "a" })), new Uint8Array([0x0a, 1, 0x61]));
});

Deno.test("messageCodec() decodes bytes fields into memory of their own", { permissions: "none" }, () => {
  const lent = toBinary(BytesValueSchema, create(BytesValueSchema, { value: new Uint8Array([1, 2, 3]) }));
  const around = new Uint8Array([9, ...lent, 9]);
  const message = decodeMessage(messageCodec(BytesValueSchema), around.subarray(1, -1), false);
  around.fill(0xff);
  assertEquals(message, create(BytesValueSchema, { value: new Uint8Array([1, 2, 3]) }));
});

const UNENCODABLE: [
  about: string,
  codec: MessageCodec,
  message: ReturnType<typeof create>,
  detail: string,
][] = [
  [
    "a number out of range",
    messageCodec(CountRequestSchema),
    create(CountRequestSchema, { n: -1 }),
    "CountRequest.n",
  ],
  ["a missing required field", messageCodec(NoteSchema), create(NoteSchema), "Note.text"],
];

for (const [about, codec, message, detail] of UNENCODABLE) {
  Deno.test(`encodedSize() fails with code 13 for ${about}`, { permissions: "none" }, () => {
    const error = assertThrows(() => encodedSize(codec, message), TtrpcError, detail);
    assertEquals([error.code, error.requestSent], [Code.Internal, false]);
    assertInstanceOf(error.cause, Error);
  });
}

const BROKEN_ENCODERS: [
  about: string,
  encodeInto: (out: Uint8Array, at: number) => number,
  detail: string,
][] = [
  ["writes less than it announced", (_out, at) => at + 3, "3 bytes where 4 were announced"],
  ["writes more than it announced", (_out, at) => at + 5, "5 bytes where 4 were announced"],
  ["writes past the buffer", (out, at) => {
    out.set(new Uint8Array(100), at);
    return at + 4;
  }, "Cannot encode a message: "],
  ["throws", () => {
    throw new TtrpcError("no luck", Code.NotFound);
  }, "Cannot encode a message: no luck"],
];

for (const [about, encodeInto, detail] of BROKEN_ENCODERS) {
  Deno.test(`encodeMessage() fails with code 13 when the encoder ${about}`, { permissions: "none" }, () => {
    const encoder: MessageEncoder<string> = {
      size: () => 4,
      encodeInto: (_message, out, at) => encodeInto(out, at),
    };
    const error = assertThrows(
      () => encodeMessage(encoder, "x", 4, new Uint8Array(8), 2),
      TtrpcError,
      detail,
    );
    assertEquals([error.code, error.requestSent], [Code.Internal, false]);
  });
}

const UNDECODABLE: [about: string, bytes: number[]][] = [
  ["cut short", [0x0a, 5, 0x61]],
  ["a tag without a field number", [0x07]],
  ["a text that is no UTF-8", [0x0a, 1, 0xff]],
];

for (const [about, bytes] of UNDECODABLE) {
  Deno.test(
    `[A8, S10] decodeMessage() names the type when the bytes are ${about}`,
    { permissions: "none" },
    () => {
      const decode = () => decodeMessage(messageCodec(HelloRequestSchema), new Uint8Array(bytes), false);
      const error = assertThrows(decode, TtrpcError, "Cannot decode a greeter.v1.HelloRequest: ");
      assertEquals(error.code, Code.Internal);
      assertInstanceOf(error.cause, Error);
    },
  );
}

Deno.test(
  "messageCodec() tells the size of a message that no frame can hold",
  { permissions: "none" },
  () => {
    const message = create(HelloReplySchema, { text: "a".repeat(2 ** 24) });
    assertEquals(messageCodec(HelloReplySchema).size(message), 2 ** 24 + 5);
  },
);
