/** How many slots an idle connection has, and from how many on they are given up with its last call. */
const MIN_SLOTS = 4;
const MANY_SLOTS = 2048;

/** Whose slot it is, and the call; a slot that is free has id 0. */
interface Slots<Stream> {
  readonly ids: number[];
  readonly streams: (Stream | undefined)[];
}

/**
 * The open calls of one connection by their stream id.
 *
 * Ids rise one by one, so a call's place follows from its id, in a list twice as long as there are calls: with
 * many calls that is twice as fast as a `Map`. The `Map` is left for those whose place a much older call has.
 */
export class StreamTable<Stream> {
  #slots: Slots<Stream> = freeSlots(MIN_SLOTS);
  #displaced: Map<number, Stream> | undefined;
  #size = 0;

  /** How many calls are open. */
  get size(): number {
    return this.#size;
  }

  /** The open call with an id. */
  get(streamId: number): Stream | undefined {
    const { ids, streams } = this.#slots;
    const place = placeOf(streamId, ids);
    if (ids[place] === streamId) return streams[place];
    return this.#displaced?.get(streamId);
  }

  /** Adds a call that was opened. */
  add(streamId: number, stream: Stream): void {
    this.#size++;
    if (2 * this.#size > this.#slots.ids.length) this.#grow();
    this.#put(streamId, stream);
  }

  /** Takes a call out that has ended. */
  remove(streamId: number): void {
    const { ids, streams } = this.#slots;
    const place = placeOf(streamId, ids);
    if (ids[place] === streamId && streamId !== 0) {
      ids[place] = 0;
      streams[place] = undefined;
    } else if (!this.#displaced?.delete(streamId)) {
      return;
    }
    this.#size--;
    if (this.#size === 0 && ids.length >= MANY_SLOTS) this.#slots = freeSlots(MIN_SLOTS);
  }

  /** The calls that are open now, in the order of their ids; they may end meanwhile. */
  snapshot(): Stream[] {
    return this.#entries().sort(([a], [b]) => a - b).map(([, stream]) => stream);
  }

  #put(streamId: number, stream: Stream): void {
    const { ids, streams } = this.#slots;
    const place = placeOf(streamId, ids);
    if (ids[place] === 0) {
      ids[place] = streamId;
      streams[place] = stream;
    } else {
      this.#displaced ??= new Map();
      this.#displaced.set(streamId, stream);
    }
  }

  #grow(): void {
    const entries = this.#entries();
    this.#slots = freeSlots(2 * this.#slots.ids.length);
    this.#displaced = undefined;
    for (const [streamId, stream] of entries) this.#put(streamId, stream);
  }

  #entries(): [streamId: number, stream: Stream][] {
    const entries = [...this.#displaced ?? []];
    this.#slots.streams.forEach((stream, place) => {
      if (stream !== undefined) entries.push([this.#slots.ids[place] ?? 0, stream]);
    });
    return entries;
  }
}

function freeSlots<Stream>(count: number): Slots<Stream> {
  return { ids: new Array(count).fill(0), streams: new Array(count).fill(undefined) };
}

/** The count of slots is a power of two. */
function placeOf(streamId: number, { length }: number[]): number {
  return (streamId >>> 1) & (length - 1);
}
