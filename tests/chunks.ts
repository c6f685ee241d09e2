import type { Random } from "./random.ts";

/** Cuts bytes into chunks of one size; only the last may be shorter. */
export function* chunksOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Cuts bytes into chunks of 0 to `most` bytes. */
export function* randomChunks(bytes: Uint8Array, random: Random, most: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const chunk = bytes.subarray(at, at + random.below(most + 1));
    at += chunk.length;
    yield chunk;
  }
}
