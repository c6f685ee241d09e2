/** So many items may wait. */
const CAPACITY = 1_024;

/** Somebody who waits for an item. */
type Reader<T> = (result: IteratorResult<T, undefined>) => void;

const END = { done: true, value: undefined } as const;

/** Items on their way from those who bring them to those who read; each item goes to one reader. */
export class EventQueue<T> {
  readonly #items: T[] = [];
  readonly #readers = new Set<Reader<T>>();
  /** Those who wait for room. */
  readonly #senders = new Set<() => void>();
  #isEnded = false;

  /**
   * Adds an item, once there is room for it.
   *
   * @param signal Gives up waiting.
   * @throws The signal's reason if it aborts before, as a rejection.
   */
  async push(item: T, signal: AbortSignal): Promise<void> {
    while (this.#items.length >= CAPACITY && !this.#isEnded) await this.#room(signal);
    const [reader] = this.#readers;
    if (reader !== undefined) this.#settle(reader, { done: false, value: item });
    else if (!this.#isEnded) this.#items.push(item);
  }

  /** Lets readers go once all that has come is read. Items that come later are dropped. */
  end(): void {
    this.#isEnded = true;
    for (const reader of this.#readers) this.#settle(reader, END);
    this.#wakeSenders();
  }

  /** The items; leaving the loop leaves the rest to other readers. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    const own = new Set<Reader<T>>();
    return {
      next: () => this.#next(own),
      return: () => {
        for (const reader of own) this.#settle(reader, END);
        return Promise.resolve(END);
      },
    };
  }

  /** @param own Keeps those readers that wait and have one iterator. */
  #next(own: Set<Reader<T>>): Promise<IteratorResult<T, undefined>> {
    const [item] = this.#items;
    if (item !== undefined) {
      this.#items.shift();
      this.#wakeSenders();
      return Promise.resolve({ done: false, value: item });
    }
    if (this.#isEnded) return Promise.resolve(END);
    const { promise, resolve } = Promise.withResolvers<IteratorResult<T, undefined>>();
    this.#readers.add(resolve);
    own.add(resolve);
    return promise.finally(() => own.delete(resolve));
  }

  #settle(reader: Reader<T>, result: IteratorResult<T, undefined>): void {
    this.#readers.delete(reader);
    reader(result);
  }

  async #room(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = () => reject(signal.reason);
    const wake = () => resolve();
    signal.addEventListener("abort", giveUp);
    this.#senders.add(wake);
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
      this.#senders.delete(wake);
    }
  }

  #wakeSenders(): void {
    for (const wake of this.#senders) wake();
  }
}
