import { Random } from "../random.ts";
import { pattern } from "../interop/interop_service.ts";

/** The largest payload that still fits into a body of 4 MiB, with all that stands beside it. */
export const LARGEST_BYTES = 4_194_304 - 4_096;
/** Many places for payloads to begin at, so that one call's bytes differ from those of another. */
const PLACES = 65_536;

/** Bytes for messages, cut out of one block: making them anew for each call would take longer than the call. */
export class Payloads {
  readonly #block: Uint8Array;
  readonly #ramp = pattern(0, LARGEST_BYTES + 256);

  /** Makes the block that belongs to a seed. */
  constructor(seed: number) {
    this.#block = new Random(seed).bytes(LARGEST_BYTES + PLACES);
  }

  /** Bytes that belong to a place in the run. */
  at(place: number, bytes: number): Uint8Array {
    const start = place % PLACES;
    return this.#block.subarray(start, start + bytes);
  }

  /** What `Count` sends with an item, and `Echo` for `replySize`: byte i = (first + i) & 0xff. */
  pattern(first: number, bytes: number): Uint8Array {
    const start = first & 0xff;
    return this.#ramp.subarray(start, start + bytes);
  }
}
