/** How many calls below the highest id an unused one may still be, where ids out of order are accepted. */
const WINDOW_CALLS = 1_024;
/** How many calls are remembered for that: more than the window and the highest itself. */
const REMEMBERED_CALLS = 2 * WINDOW_CALLS;

/**
 * What a server does with a Request whose id is lower than one before it.
 *
 * @example For a client whose threads make calls at the same time
 * ```ts
 * import { memoryDuplex, type OutOfOrderIds, serveConnection } from "@ttrpc/ttrpc";
 *
 * const outOfOrderIds: OutOfOrderIds = "accept";
 * const [ours] = memoryDuplex();
 * await using served = serveConnection(ours, { routes: () => {}, outOfOrderIds });
 * ```
 */
export type OutOfOrderIds = "refuse" | "accept";

/** Which ids the Requests of one connection have used (PROTOCOL.md S1, S3, S4, S16). */
export class StreamIds {
  /** For each of the last ids whether it was used, by its number; undefined where lower ids are refused. */
  readonly #used: Uint8Array | undefined;
  #highest = -1;

  constructor(outOfOrderIds: OutOfOrderIds) {
    if (outOfOrderIds === "accept") this.#used = new Uint8Array(REMEMBERED_CALLS);
  }

  /**
   * Uses an id up.
   *
   * @returns False if it can't be used any more.
   */
  use(streamId: number): boolean {
    if (streamId > this.#highest) this.#advanceTo(streamId);
    else if (this.has(streamId)) return false;
    if (this.#used !== undefined) this.#used[placeOf(streamId)] = 1;
    return true;
  }

  /** Whether a Request has used an id, or none can use it any more. */
  has(streamId: number): boolean {
    if (streamId > this.#highest) return false;
    const isInWindow = streamId >= this.#highest - 2 * WINDOW_CALLS;
    return this.#used === undefined || !isInWindow || this.#used[placeOf(streamId)] === 1;
  }

  #advanceTo(streamId: number): void {
    const used = this.#used;
    if (used !== undefined && streamId - this.#highest >= 2 * REMEMBERED_CALLS) used.fill(0);
    else if (used !== undefined) {
      for (let id = this.#highest + 2; id < streamId; id += 2) used[placeOf(id)] = 0;
    }
    this.#highest = streamId;
  }
}

/** Where an id's mark is: ids that are further apart than what is remembered share one. */
function placeOf(streamId: number): number {
  return ((streamId - 1) / 2) % REMEMBERED_CALLS;
}
