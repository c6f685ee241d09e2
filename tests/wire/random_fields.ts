import { concat } from "@std/bytes";
import type { Random } from "../random.ts";

/** Text of up to some 300 bytes, with what is odd in UTF-8 and in strings of JavaScript. */
export function randomText(random: Random): string {
  const length = random.pick([0, 1, 5, 20, 63, 128]);
  return Array.from({ length }, () => random.pick(["a", "Z", ".", "\0", "ü", "€", "🐢", "\ufeff", "e\u0301"]))
    .join("");
}

/** Up to some hundred bytes, at times so many that their length takes three. */
export function randomBytes(random: Random): Uint8Array<ArrayBuffer> {
  return random.bytes(random.oneIn(20) ? 16_384 : random.pick([0, 1, 2, 50, 127, 128, 300]));
}

/** A number of 64 bits, the extremes more often than others. */
export function randomInt64(random: Random): bigint {
  const bits = new BigInt64Array(random.bytes(8).buffer)[0] ?? 0n;
  return random.pick([0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), bits, bits >> 40n]);
}

/** Fields with numbers above those of the envelopes, one of each type. */
export const UNKNOWN_FIELDS: Uint8Array[] = [
  "30ffffffffffffffffff01",
  "390102030405060708",
  "3a03000102",
  "3b0a01ff3b3c12003c",
  "3d01020304",
  "f2ffffff0f00",
].map((hex) => Uint8Array.fromHex(hex));

/** Writes the fields of a message in another order and with unknown ones between them. */
export function disorder(fields: readonly Uint8Array[], random: Random): Uint8Array {
  return concat(random.shuffle([...fields, ...UNKNOWN_FIELDS]));
}
