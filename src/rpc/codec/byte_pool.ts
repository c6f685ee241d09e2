import { BytePages } from "../../wire/byte_pages.ts";

/** The pages of all fields that users are given. */
const fields = new BytePages();

/** Copies the bytes of a field out of memory that is only lent. */
export function copyBytes(from: Uint8Array, start: number, end: number): Uint8Array {
  return fields.copy(from, start, end);
}
