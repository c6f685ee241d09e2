import { clock } from "../rpc/clock.ts";

/** How long after it was told a server may still send on a stream that nobody waits for. */
const GRACE_MS = 1_000;
/** How much it may send after that, on all such streams together. */
const FLOOD_BYTES = 1_048_576;
/** So many streams are remembered; of the others, what comes late is only dropped. */
const MAX_STREAMS = 1_024;

/** Streams of a connection that were given up and have not ended on the server's side (PROTOCOL.md X5). */
export class AbandonedStreams {
  readonly #since = new Map<number, number>();
  #lateBytes = 0;

  /** Whether so much comes on these streams that the connection should not be used any more. */
  get areFlooding(): boolean {
    return this.#lateBytes > FLOOD_BYTES;
  }

  /** A stream was given up, and the server told so. */
  add(streamId: number): void {
    const [oldest] = this.#since.keys();
    if (this.#since.size === MAX_STREAMS && oldest !== undefined) this.#since.delete(oldest);
    this.#since.set(streamId, clock.now());
  }

  /** A stream has ended on the server's side. */
  delete(streamId: number): void {
    this.#since.delete(streamId);
  }

  /** Counts a frame that came all the same. */
  countLate(streamId: number, bytes: number): void {
    const since = this.#since.get(streamId);
    if (since !== undefined && clock.now() - since >= GRACE_MS) this.#lateBytes += bytes;
  }
}
