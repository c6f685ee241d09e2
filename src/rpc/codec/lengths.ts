import { varintBytes } from "../../wire/varint.ts";
import { check } from "./check.ts";

/** A list that a huge message has made longer than this is not kept for the messages after it. */
const MAX_KEPT = 4096;

/**
 * The lengths that are written before what they measure: those of messages, map entries, packed lists and
 * long texts, in the order in which both passes come by them. The size pass takes them down, so that the
 * write pass need not measure anything again.
 */
class Lengths {
  #lengths: number[] = [];
  #next = 0;

  /** Begins the size pass of a message. */
  begin(): void {
    if (this.#lengths.length > MAX_KEPT) this.#lengths = [];
    this.#next = 0;
  }

  /** Begins its write pass. */
  rewind(): void {
    this.#next = 0;
  }

  /** Size pass: keeps a place for a length that is known once all within it has been measured. */
  open(): number {
    this.#lengths[this.#next] = 0;
    return this.#next++;
  }

  /**
   * Size pass: fills a place.
   *
   * @returns How many bytes the length and what it measures take.
   */
  close(place: number, length: number): number {
    this.#lengths[place] = length;
    return varintBytes(length) + length;
  }

  /** Size pass: takes down a length that is known at once; see {@linkcode close}. */
  add(length: number): number {
    return this.close(this.open(), length);
  }

  /** Write pass: the next length. */
  next(): number {
    const length = this.#lengths[this.#next++];
    check(length !== undefined);
    return length;
  }
}

/** The list of the message that is being encoded; there is never more than one. */
export const lengths: Lengths = new Lengths();
