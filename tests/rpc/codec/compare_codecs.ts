import { create, type DescMessage, fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import { FeatureSet_FieldPresence } from "@bufbuild/protobuf/wkt";
import { assertEquals } from "@std/assert";
import type { MessageCodec } from "../../../src/rpc/message_codec.ts";
import { mutateProtobuf } from "../../fuzz/mutate_protobuf.ts";
import type { Random } from "../../random.ts";
import { countedCodec } from "./counted_codec.ts";
import { type Fields, randomFields } from "./random_fields.ts";
import { isSameValue } from "./same_value.ts";

/** What becomes of a step. */
type Outcome<T> = { value: T } | { error: string };

const { LEGACY_REQUIRED } = FeatureSet_FieldPresence;

/** Values that a field by chance can't have, or not in this way. */
const ODD: unknown[] = [
  null,
  undefined,
  "x",
  "12",
  -1,
  1.5,
  2 ** 33,
  1e300,
  NaN,
  1n,
  -1n,
  2n ** 63n,
  -(2n ** 63n) - 1n,
  2n ** 64n,
  true,
  {},
  [],
  [1],
  [null],
  new Uint8Array([1]),
  { case: "f1" },
  { $typeName: "A" },
  () => 1,
  Symbol("odd"),
];

/**
 * Checks that the compiled codec of a type does with a message by chance, and with its bytes, whole and broken,
 * what protobuf-es does, and that it leaves nothing proper to it.
 */
export function compareCodecs(desc: DescMessage, random: Random): void {
  const counted = countedCodec(desc);
  const fields = randomFields(desc, random);
  const message = random.oneIn(2) ? create(desc, fields) : fields;
  const bytes = compareEncoding(desc, counted.codec, message);
  if (bytes === undefined) return;
  compareDecoding(desc, counted.codec, bytes, random.oneIn(2));
  if (isUsual(desc)) assertEquals(counted.left, 0);

  compareEncoding(desc, counted.codec, makeOdd(message, random));
  let broken = bytes;
  for (let i = 0; i < 4; i++) {
    broken = breakBytes(broken, bytes, random);
    compareDecoding(desc, counted.codec, broken, random.oneIn(2));
  }
}

/** Whether neither a type nor one within it has groups or required fields, which are left to protobuf-es. */
function isUsual(desc: DescMessage, seen = new Set<DescMessage>()): boolean {
  if (seen.has(desc)) return true;
  seen.add(desc);
  return desc.fields.every((field) =>
    field.presence !== LEGACY_REQUIRED && !("delimitedEncoding" in field && field.delimitedEncoding) &&
    (field.message === undefined || isUsual(field.message, seen))
  );
}

/**
 * Checks that a message is encoded to the same bytes, or refused for the same reason.
 *
 * @returns The bytes, if there are any.
 */
export function compareEncoding(
  desc: DescMessage,
  codec: MessageCodec,
  message: Fields,
): Uint8Array | undefined {
  const expected = outcome(() => toBinary(desc, create(desc, message)));
  const actual = outcome(() => encode(codec, message));
  assertSame(actual, expected, message);
  return "value" in expected ? expected.value : undefined;
}

/** Checks that the same is made of bytes, or that they are refused for the same reason. */
export function compareDecoding(
  desc: DescMessage,
  codec: MessageCodec,
  bytes: Uint8Array,
  isOwned = false,
): void {
  const expected = outcome<Message>(() => fromBinary(desc, bytes));
  const actual = outcome(() => codec.decode(bytes, isOwned));
  assertSame(actual, expected, bytes);
  if (!("value" in actual)) return;
  // Which of its many forms a NaN is written in is not for sure: what counts is how the bytes are read.
  const { value } = actual;
  const read = (bytes: Uint8Array) => fromBinary(desc, bytes);
  assertSame(outcome(() => read(encode(codec, value))), outcome(() => read(toBinary(desc, value))), value);
}

/** Tells what both made of the input if that is not the same. */
function assertSame(actual: unknown, expected: unknown, input: unknown): void {
  if (!isSameValue(actual, expected)) {
    throw new Error(Deno.inspect({ input, actual, expected }, { depth: 9 }));
  }
}

function encode(codec: MessageCodec, message: Fields): Uint8Array {
  const bytes = codec.size(message);
  const out = new Uint8Array(bytes + 2);
  assertEquals([codec.encodeInto(message, out, 1), out[0], out[bytes + 1]], [bytes + 1, 0, 0]);
  return out.slice(1, -1);
}

function outcome<T>(step: () => T): Outcome<T> {
  try {
    return { value: step() };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** The message with an odd value at some place, or all of it inherited. */
function makeOdd(message: Fields, random: Random): Fields {
  if (random.oneIn(12)) return Object.create(message);
  const names = Object.keys(message).filter((name) => name !== "$typeName");
  const name = names[random.below(names.length)];
  if (name === undefined) return message;
  const value = message[name];
  const odd = isFields(value) && random.oneIn(2) ? makeOdd(value, random) : ODD[random.below(ODD.length)];
  // A copy has to keep what the message inherits.
  const copy = Object.create(Object.getPrototypeOf(message), Object.getOwnPropertyDescriptors(message));
  return Object.defineProperty(copy, name, { value: odd });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Uint8Array);
}

/** Bytes like those of a message, which may be none of it any more. */
function breakBytes(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, random.below(bytes.length + 1));
    case 1:
      return bytes.map((byte) => random.oneIn(bytes.length) ? random.below(256) : byte);
    case 2:
      return new Uint8Array([...bytes, ...other]);
    default:
      return mutateProtobuf(bytes, random);
  }
}
