import type { Inbox } from "../connection/inbox.ts";

/** The messages of a client's stream as a handler iterates over them. */
export class MessageIterable<T> implements AsyncIterableIterator<T, undefined> {
  readonly #inbox: Inbox<T>;

  constructor(inbox: Inbox<T>) {
    this.#inbox = inbox;
  }

  /** The next message; rejects once the call has ended early. */
  next(): Promise<IteratorResult<T, undefined>> {
    return this.#inbox.next();
  }

  /** Leaves the loop: messages that the client still sends are dropped. */
  return(): Promise<IteratorResult<T, undefined>> {
    this.#inbox.discard();
    return this.#inbox.next();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
