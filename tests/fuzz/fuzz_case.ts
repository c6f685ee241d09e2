import type { Frame } from "../../src/frame/mod.ts";
import { randomChunks } from "../chunks.ts";
import { Random } from "../random.ts";
import { LIMITS } from "./limits.ts";
import { mutateFrames } from "./mutate_frames.ts";
import type { Recording, Recordings } from "./recordings.ts";

/** The side that is attacked. */
export type Role = "client" | "server";

/** Bytes for one connection, and what else there is to know to say them again. */
export interface FuzzCase {
  role: Role;
  /** Index in {@linkcode LIMITS}. */
  limits: number;
  chunks: Uint8Array[];
  /** The attacker ends its half, and waits for the other one; else it closes both. */
  isHalfClosed: boolean;
  /** What a client that is attacked does: the calls of a recording. */
  calls: Frame[];
  /** Whether it gives them up amid the attack. */
  givesUp: boolean;
}

/** Makes the case of a seed. */
export function makeCase(role: Role, recordings: Recordings, seed: number): FuzzCase {
  const random = new Random(seed);
  const recording = random.pick(recordings);
  const dir = role === "client" ? "s2c" : "c2s";
  const said = framesOf(recording, dir);
  const other = framesOf(random.pick(recordings), random.oneIn(10) ? opposite(dir) : dir);
  const bytes = mutateFrames(said, other, random);
  const most = random.pick([3, 20, 200, 5_000]);
  return {
    role,
    limits: random.below(LIMITS.length),
    chunks: random.oneIn(3)
      ? [bytes]
      : [...randomChunks(bytes, random, Math.max(most, bytes.length / 2_000))],
    isHalfClosed: !random.oneIn(4),
    calls: role === "client" ? framesOf(recording, "c2s") : [],
    givesUp: role === "client" && random.oneIn(4),
  };
}

/** A case as a line of text. */
export function formatCase({ chunks, calls, ...others }: FuzzCase): string {
  return JSON.stringify({
    ...others,
    chunks: chunks.map((chunk) => chunk.toHex()),
    calls: calls.map((frame) => ({ ...frame, body: frame.body.toHex() })),
  });
}

/** Reads what {@linkcode formatCase} has written. */
export function parseCase(text: string): FuzzCase {
  const { chunks, calls, ...others }: FormattedCase = JSON.parse(text);
  return {
    ...others,
    chunks: chunks.map((hex) => Uint8Array.fromHex(hex)),
    calls: calls.map((frame) => ({ ...frame, body: Uint8Array.fromHex(frame.body) })),
  };
}

interface FormattedCase extends Omit<FuzzCase, "chunks" | "calls"> {
  chunks: string[];
  calls: (Omit<Frame, "body"> & { body: string })[];
}

function framesOf({ frames }: Recording, dir: "c2s" | "s2c"): Frame[] {
  return frames.filter((frame) => frame.dir === dir)
    .map(({ streamId, type, flags, body }) => ({ streamId, type, flags, body }));
}

function opposite(dir: "c2s" | "s2c"): "c2s" | "s2c" {
  return dir === "c2s" ? "s2c" : "c2s";
}
