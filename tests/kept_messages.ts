import { create, type UnknownField } from "@bufbuild/protobuf";
import { assertEquals } from "@std/assert";
import { concat, equals } from "@std/bytes";
import { type Payload, PayloadSchema } from "../gen/bench/v1/bench_pb.ts";
import type { Random } from "./random.ts";

const MAX_BYTES = 200 * 1024;

/** Bytes of which no two stretches are alike, to cut messages from. */
const SOURCE = new Uint8Array(
  new Uint32Array(2 * MAX_BYTES / 4).map((_, i) => Math.imul(i + 1, 0x9e3779b1)).buffer,
);

/** A message of 10 bytes to 200 KiB, most of them short; a few have a field that the type does not know. */
export function somePayload(random: Random): Payload {
  const maxBytes = random.pick([100, 100, 2000, 5000, 5000, 20_000, MAX_BYTES]);
  const length = 10 + random.below(random.oneIn(4) ? maxBytes - 9 : Math.min(maxBytes, 2000));
  const start = random.below(SOURCE.length - length);
  const payload = create(PayloadSchema, { data: SOURCE.subarray(start, start + length) });
  if (random.oneIn(8)) payload.$unknown = [unknownField(length)];
  return payload;
}

/** A field of bytes, as protobuf-es keeps it: with its length. */
function unknownField(start: number): UnknownField {
  return { no: 15, wireType: 2, data: concat([new Uint8Array([100]), SOURCE.subarray(start, start + 100)]) };
}

/** All bytes that a message holds. */
function bytesOf({ data, $unknown = [] }: Payload): Uint8Array {
  return concat([data, ...$unknown.map((field) => field.data)]);
}

/** Messages that somebody keeps, each beside a copy of its bytes as they should be. */
export class KeptMessages {
  readonly #kept: [message: Payload, bytes: Uint8Array][] = [];

  /** How many are kept. */
  get length(): number {
    return this.#kept.length;
  }

  /** Keeps a message. */
  keep(message: Payload, expected: Payload = message): void {
    this.#kept.push([message, bytesOf(expected)]);
  }

  /** Holds if none has changed. */
  assertUnchanged(who: string): void {
    const changed = this.#kept.flatMap(([message, bytes], i) => equals(bytesOf(message), bytes) ? [] : [i]);
    assertEquals(
      changed,
      [],
      `messages of ${this.#kept.length} that the ${who} keeps, and that have changed`,
    );
  }
}
