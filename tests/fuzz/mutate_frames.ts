import { concat } from "@std/bytes";
import { encodeFrame, type Frame, MAX_BODY_BYTES } from "../../src/frame/mod.ts";
import type { Random } from "../random.ts";
import { mutateProtobuf } from "./mutate_protobuf.ts";

const MOST_MUTATIONS = 4;
const IDS = [0, 1, 2, 3, 5, 7, 9, 21, 0x7fffffff, 0x80000001, 0xffffffff] as const;
const TYPES = [0, 1, 2, 3, 3, 4, 255] as const;
const FLAGS = [0, 1, 2, 3, 4, 5, 6, 7, 0xf8, 0xff] as const;
/** The edges of the limits of this module, and of what a header can say. */
const LENGTHS = [0, 1, 10, 65_536, 4_194_304, 4_194_305, MAX_BODY_BYTES, 0x1000000, 0xffffffff] as const;

/** Frames of one side, and where the bytes of others may come from. */
interface Material {
  frames: Frame[];
  others: readonly Frame[];
}

/** A change of whole frames. Works on the list as it is. */
type Mutation = (material: Material, random: Random) => void;

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  function duplicate({ frames }, random) {
    const at = random.below(frames.length);
    frames.splice(random.below(frames.length + 1), 0, ...frames.slice(at, at + 1));
  },
  function repeat({ frames }, random) {
    const at = random.below(frames.length);
    const [frame] = frames.slice(at);
    if (frame !== undefined) frames.splice(at, 0, ...new Array<Frame>(random.below(200)).fill(frame));
  },
  function drop({ frames }, random) {
    frames.splice(random.below(frames.length), 1);
  },
  function move({ frames }, random) {
    const at = random.below(frames.length);
    frames.splice(random.below(frames.length), 0, ...frames.splice(at, 1));
  },
  function shuffle({ frames }, random) {
    frames.splice(0, frames.length, ...random.shuffle(frames));
  },
  function insert({ frames, others }, random) {
    const from = random.below(others.length);
    frames.splice(random.below(frames.length + 1), 0, ...others.slice(from, from + 1 + random.below(3)));
  },
  function splice({ frames, others }, random) {
    frames.splice(
      random.below(frames.length + 1),
      frames.length,
      ...others.slice(random.below(others.length)),
    );
  },
  function insertAny({ frames }, random) {
    const body = random.bytes(random.below(40));
    const any = { streamId: random.pick(IDS), type: random.pick(TYPES), flags: random.pick(FLAGS), body };
    frames.splice(random.below(frames.length + 1), 0, any);
  },
  change((frame, random) => ({ ...frame, streamId: random.pick(IDS) })),
  change((frame, random) => ({ ...frame, type: random.pick(TYPES) })),
  change((frame, random) => ({ ...frame, flags: random.pick(FLAGS) })),
  change((frame, random) => ({ ...frame, body: frame.body.subarray(random.below(frame.body.length + 1)) })),
  change((frame, random) => ({ ...frame, body: concat([frame.body, random.bytes(random.below(20))]) })),
  // What is in the bodies is the larger part.
  ...new Array<Mutation>(6).fill(
    change((frame, random) => ({ ...frame, body: mutateProtobuf(frame.body, random) })),
  ),
];

function change(edit: (frame: Frame, random: Random) => Frame): Mutation {
  return ({ frames }, random) => {
    const at = random.below(frames.length);
    const frame = frames[at];
    if (frame !== undefined) frames[at] = edit(frame, random);
  };
}

/** A change of the bytes that frames have become. */
type ByteMutation = (bytes: Uint8Array, random: Random) => Uint8Array;

const BYTE_MUTATIONS: readonly [ByteMutation, ...ByteMutation[]] = [
  function flip(bytes, random) {
    const flipped = bytes.slice();
    const at = random.below(bytes.length);
    flipped[at] = (flipped[at] ?? 0) ^ 1 << random.below(8);
    return flipped;
  },
  function truncate(bytes, random) {
    return bytes.slice(0, random.below(bytes.length + 1));
  },
  function cutOut(bytes, random) {
    const at = random.below(bytes.length + 1);
    return concat([bytes.subarray(0, at), bytes.subarray(at + random.below(20))]);
  },
  function insert(bytes, random) {
    const at = random.below(bytes.length + 1);
    return concat([bytes.subarray(0, at), random.bytes(random.below(20)), bytes.subarray(at)]);
  },
];

/**
 * Makes of one side's frames bytes that are wrong in some places.
 *
 * @param others Frames of another session, whose bytes may get in between.
 */
export function mutateFrames(frames: readonly Frame[], others: readonly Frame[], random: Random): Uint8Array {
  const material = { frames: [...frames], others };
  for (let left = 1 + random.below(MOST_MUTATIONS); left > 0; left--) {
    random.pick(MUTATIONS)(material, random);
  }
  const encoded = material.frames.map(encodeFrame);
  if (random.oneIn(6)) lieAboutLength(encoded, random);
  let bytes: Uint8Array = concat(encoded);
  if (random.oneIn(4)) bytes = random.pick(BYTE_MUTATIONS)(bytes, random);
  return bytes;
}

/** Gives the header of one frame another length. */
function lieAboutLength(encoded: Uint8Array[], random: Random): void {
  const frame = encoded[random.below(encoded.length)];
  if (frame === undefined) return;
  const view = new DataView(frame.buffer, frame.byteOffset);
  const length = random.oneIn(2) ? random.pick(LENGTHS) : view.getUint32(0) + random.below(5) - 2;
  view.setUint32(0, length);
}
