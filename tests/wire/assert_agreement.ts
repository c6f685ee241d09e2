import {
  type DescField,
  type DescMessage,
  fromBinary,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { assert, assertEquals } from "@std/assert";
import type { Random } from "../random.ts";

/** One message, decoded by this module and by protobuf-es. */
export interface Comparison<Desc extends DescMessage, T> {
  /** The message, for protobuf-es. */
  schema: Desc;
  /** Decodes the message with this module. */
  decode: (bytes: Uint8Array) => T;
  /** Gives what protobuf-es decoded the shape that `decode` gives. */
  toPlain: (message: MessageShape<Desc>) => T;
}

/**
 * Asserts that this module and protobuf-es refuse the same bytes and read the same from others.
 *
 * Two differences are meant. A known field with another wire type than its own is an unknown field, which
 * protobuf-es misreads: such bytes are not compared. A varint of more bytes or bits than its value can have
 * is refused, which protobuf-es cuts.
 *
 * @returns Whether both took the bytes.
 */
export function assertAgreement<Desc extends DescMessage, T>(
  { schema, decode, toPlain }: Comparison<Desc, T>,
  bytes: Uint8Array,
): boolean {
  const ours = attempt(() => decode(bytes));
  const isComparable = attempt(() => hasOwnWireTypes(schema, bytes));
  if ("value" in isComparable && !isComparable.value) return false;
  const theirs = "error" in isComparable ? isComparable : attempt(() => toPlain(fromBinary(schema, bytes)));
  if ("value" in ours && "value" in theirs) {
    assertEquals(ours.value, theirs.value, bytes.toHex());
    return true;
  }
  const isMeant = "error" in ours && String(ours.error) === "Error: Invalid varint";
  assert(
    isMeant || "error" in ours && "error" in theirs,
    `${bytes.toHex()}: ours ${show(ours)}, protobuf-es ${show(theirs)}`,
  );
  return false;
}

/** Asserts the same for every beginning of the bytes of a valid message. */
export function assertAgreementOnBeginnings<Desc extends DescMessage, T>(
  comparison: Comparison<Desc, T>,
  bytes: Uint8Array,
): void {
  for (let length = 0; length < bytes.length; length++) {
    assertAgreement(comparison, bytes.subarray(0, length));
  }
  assert(assertAgreement(comparison, bytes), bytes.toHex());
}

/** Makes one to three bytes of a message other ones. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  const mutated = bytes.slice();
  for (let left = 1 + random.below(3); left > 0; left--) {
    mutated[random.below(mutated.length)] = random.below(256);
  }
  return mutated;
}

type Outcome<T> = { value: T } | { error: unknown };

function attempt<T>(action: () => T): Outcome<T> {
  try {
    return { value: action() };
  } catch (error) {
    return { error };
  }
}

function show(outcome: Outcome<unknown>): string {
  return "value" in outcome
    ? `took it as ${Deno.inspect(outcome.value)}`
    : `refused it with ${outcome.error}`;
}

/** Whether each known field has its own wire type. Throws if the bytes are no message at all. */
function hasOwnWireTypes(schema: DescMessage, bytes: Uint8Array): boolean {
  const reader = new BinaryReader(bytes);
  let ownOnly = true;
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const start = reader.pos;
    reader.skip(wireType, number);
    const field = schema.fields.find((field) => field.number === number);
    if (field === undefined) continue;
    if (wireType !== wireTypeOf(field)) ownOnly = false;
    else if (field.message !== undefined) {
      ownOnly = hasOwnWireTypes(field.message, new BinaryReader(bytes.subarray(start)).bytes()) && ownOnly;
    }
  }
  return ownOnly;
}

function wireTypeOf(field: DescField): WireType {
  const isInteger = field.scalar === ScalarType.INT32 || field.scalar === ScalarType.INT64;
  return isInteger ? WireType.Varint : WireType.LengthDelimited;
}
