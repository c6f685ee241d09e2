import { assert, assertEquals } from "@std/assert";
import { concat, equals } from "@std/bytes";
import type { Frame } from "../../src/wire/frame.ts";
import { FrameDecoder } from "../../src/wire/frame_decoder.ts";
import { chunksOf, randomChunks } from "../chunks.ts";
import type { Random } from "../random.ts";
import { decodeChunks } from "../wire/decode_chunks.ts";

const MOST_BYTES_ONE_BY_ONE = 256 * 1024;

/** Asserts that a decoder finds frames in their bytes, whole, in small chunks and in random cuts. */
export function assertDecodes(frames: readonly (Frame & { bytes: Uint8Array })[], random: Random): void {
  const bytes = concat(frames.map((frame) => frame.bytes));
  const isShort = bytes.length <= MOST_BYTES_ONE_BY_ONE;
  const cuts: [name: string, chunks: Iterable<Uint8Array>][] = [
    ["whole", [bytes]],
    ["in small chunks", chunksOf(bytes, isShort ? 1 : 4093)],
    ["in random cuts", randomChunks(bytes, random, isShort ? 40 : 70_000)],
  ];
  for (const [name, chunks] of cuts) {
    const found = decodeChunks(new FrameDecoder(), chunks);
    assertEquals(found.length, frames.length, name);
    found.forEach((frame, index) => assertSame(frame, frames[index], `frame ${index}, ${name}`));
  }
}

/** As `assertEquals` does it, but fast on long bodies, and short of words about them. */
function assertSame(found: object, expected: Frame | undefined, name: string): void {
  assert(expected !== undefined && "body" in found && found.body instanceof Uint8Array, name);
  const { streamId, type, flags, body } = expected;
  assertEquals({ ...found, body: found.body.length }, { streamId, type, flags, body: body.length }, name);
  assert(equals(found.body, body), `${name}: other bytes in the body`);
}
