/** So many items may wait. */
const CAPACITY = 1_024;

/** Items on their way from those who bring them to those who read; each item goes to one reader. */
export class EventQueue<T> {
  readonly #items: T[] = [];
  readonly #readers: ((result: IteratorResult<T, undefined>) => void)[] = [];
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
    const reader = this.#readers.shift();
    if (reader !== undefined) reader({ done: false, value: item });
    else if (!this.#isEnded) this.#items.push(item);
  }

  /** Lets readers go once all that has come is read. Items that come later are dropped. */
  end(): void {
    this.#isEnded = true;
    for (const reader of this.#readers.splice(0)) reader({ done: true, value: undefined });
    this.#wakeSenders();
  }

  /** The items; leaving the loop leaves the rest to other readers. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return { next: () => this.#next(), return: () => Promise.resolve({ done: true, value: undefined }) };
  }

  #next(): Promise<IteratorResult<T, undefined>> {
    const [item] = this.#items;
    if (item !== undefined) {
      this.#items.shift();
      this.#wakeSenders();
      return Promise.resolve({ done: false, value: item });
    }
    if (this.#isEnded) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  #room(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const giveUp = () => reject(signal.reason);
    const wake = () => resolve();
    signal.addEventListener("abort", giveUp);
    this.#senders.add(wake);
    return promise.finally(() => {
      signal.removeEventListener("abort", giveUp);
      this.#senders.delete(wake);
    });
  }

  #wakeSenders(): void {
    for (const wake of this.#senders) wake();
  }
}
