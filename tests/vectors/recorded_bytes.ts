import { concat } from "@std/bytes";

/** Bytes as README.md describes them: all of them, or parts to be put end to end, with their SHA-256. */
export type RecordedBytes = { hex: string } | { parts: RecordedPart[]; sha256: string };

/** Some bytes among others. */
export type RecordedPart =
  | { hex: string }
  | { fill: { first: number; length: number } }
  | { repeat: { hex: string; times: number } };

/**
 * Puts bytes together.
 *
 * @throws {Error} If they are not those that were recorded.
 */
export async function bytesOf(recorded: RecordedBytes): Promise<Uint8Array<ArrayBuffer>> {
  if ("hex" in recorded) return Uint8Array.fromHex(recorded.hex);
  const bytes = bytesOfParts(recorded.parts);
  const sha256 = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  if (sha256 !== recorded.sha256) throw new Error(`Cannot put bytes together: SHA-256 is ${sha256}`);
  return bytes;
}

/** Puts parts end to end. */
export function bytesOfParts(parts: readonly RecordedPart[]): Uint8Array<ArrayBuffer> {
  return concat(parts.map(bytesOfPart));
}

function bytesOfPart(part: RecordedPart): Uint8Array {
  if ("hex" in part) return Uint8Array.fromHex(part.hex);
  if ("fill" in part) {
    const bytes = new Uint8Array(part.fill.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = part.fill.first + i;
    return bytes;
  }
  const once = Uint8Array.fromHex(part.repeat.hex);
  const bytes = new Uint8Array(once.length * part.repeat.times);
  for (let at = 0; at < bytes.length; at += once.length) bytes.set(once, at);
  return bytes;
}
