// Whether a value may stand in a field of some scalar type. Compiled code takes values that are of exactly the
// type due; what protobuf-es would convert is left to it.
import { check } from "./check.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/** Whether a value is a string. */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether a value is a boolean. */
export function isBool(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** Whether a value holds bytes. */
export function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** Whether a value is a number. */
export function isDouble(value: unknown): value is number {
  return typeof value === "number";
}

/** Whether a value is a number that rounding to 32 bits leaves finite, if it was. */
export function isFloat(value: unknown): value is number {
  return typeof value === "number" && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value));
}

/** Whether a value is a whole number of -2^31 to 2^31-1. */
export function isInt32(value: unknown): value is number {
  return typeof value === "number" && (value | 0) === value;
}

/** Whether a value is a whole number of 0 to 2^32-1. */
export function isUint32(value: unknown): value is number {
  return typeof value === "number" && value >>> 0 === value;
}

/** Whether a value is a whole number of -2^63 to 2^63-1, as a bigint or as decimal text. */
export function isInt64(value: unknown): value is bigint | string {
  if (typeof value === "bigint") return value >= INT64_MIN && value <= INT64_MAX;
  return typeof value === "string" && isInt64(BigInt(value));
}

/** Whether a value is a whole number of 0 to 2^64-1, as a bigint or as decimal text. */
export function isUint64(value: unknown): value is bigint | string {
  if (typeof value === "bigint") return value >= 0n && value <= UINT64_MAX;
  return typeof value === "string" && isUint64(BigInt(value));
}

/** Whether a value gives a message by just its fields. */
export function isInit(value: unknown, typeName: unknown): boolean {
  return typeName === undefined && typeof value === "object" && !Array.isArray(value);
}

/** Lets the number of a closed enum through, if it has that number. */
export function closedEnum(value: number, numbers: number[]): number {
  check(numbers.includes(value));
  return value;
}
