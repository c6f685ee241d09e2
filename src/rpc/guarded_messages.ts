import { Code } from "./code.ts";
import { iterateOver, type MessageSource } from "./message_source.ts";
import { TtrpcError } from "./ttrpc_error.ts";

/** What those get who still read between interceptors when the call has its outcome. */
export const CALL_ENDED = new TtrpcError("The call has ended", Code.Canceled);

type Result<T> = IteratorResult<T, undefined>;

/** What guards messages, and what becomes of each. */
export interface GuardedMessagesOptions<In, Out> {
  /** Gives the source, when the first message is asked for. */
  open: () => MessageSource<In> | Promise<MessageSource<In>>;
  /** Ends the messages with its reason when it aborts, whatever the source does. */
  signal: AbortSignal;
  /** Makes what the reader gets of what the source gives. */
  map: (message: In) => Out;
  /** Makes what the reader gets of what the source throws; without it, that itself. */
  mapError?: (reason: unknown) => unknown;
  /**
   * Told once, when no further message comes: the source has ended or thrown, the signal has aborted, or the
   * reader has left.
   */
  onEnd?: () => void;
}

/**
 * The messages of a source between two interceptors, or between one and its caller: held to the call's
 * signal, so that neither a source that never yields nor an interceptor in between can hold the reader up. A
 * source that is given up is told to return, and not waited for.
 */
export class GuardedMessages<In, Out = In> implements AsyncIterableIterator<Out, undefined> {
  readonly #options: GuardedMessagesOptions<In, Out>;
  readonly #readers = new Set<PromiseWithResolvers<Result<Out>>>();
  #source: Promise<Iterator<In> | AsyncIterator<In>> | undefined;
  /** What readers get once no further message comes. */
  #outcome: (() => Promise<Result<Out>>) | undefined;

  /** Makes messages of a source that is opened later. */
  constructor(options: GuardedMessagesOptions<In, Out>) {
    this.#options = options;
  }

  /** The iterator itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next message; rejects with what the source throws, or with the reason of the signal. */
  next(): Promise<Result<Out>> {
    if (this.#outcome === undefined) this.#begin();
    if (this.#outcome !== undefined) return this.#outcome();
    const reader = Promise.withResolvers<Result<Out>>();
    this.#readers.add(reader);
    this.#draw(reader);
    return reader.promise;
  }

  /** Leaves the loop: settles at once, whatever is pending. */
  return(): Promise<Result<Out>> {
    this.#leave(ended);
    return ended();
  }

  /** Leaves the loop with an error. */
  throw(reason: unknown): Promise<Result<Out>> {
    this.#leave(ended);
    return Promise.reject(reason);
  }

  #begin(): void {
    if (this.#source !== undefined) return;
    const { open, signal } = this.#options;
    if (signal.aborted) return this.#onAbort();
    signal.addEventListener("abort", this.#onAbort);
    this.#source = (async () => iterateOver(await open()))();
    this.#source.catch(() => {
      // Whoever draws from it is told.
    });
  }

  async #draw(reader: PromiseWithResolvers<Result<Out>>): Promise<void> {
    try {
      const source = await this.#source;
      // Left while the source was opened: it need not begin.
      if (this.#outcome !== undefined) return;
      const result = await source?.next();
      if (result === undefined || result.done) return this.#end(ended);
      reader.resolve({ done: false, value: this.#map(result.value) });
      this.#readers.delete(reader);
    } catch (reason) {
      this.#end(this.#failed(reason));
    }
  }

  #map(message: In): Out {
    try {
      return this.#options.map(message);
    } catch (reason) {
      this.#leave(this.#failed(reason));
      throw reason;
    }
  }

  #failed(reason: unknown): () => Promise<never> {
    const error = this.#options.mapError?.(reason) ?? reason;
    return () => Promise.reject(error);
  }

  readonly #onAbort = (): void => {
    const { reason } = this.#options.signal;
    this.#leave(() => Promise.reject(reason));
  };

  /** Ends the messages before their source does. */
  #leave(outcome: () => Promise<Result<Out>>): void {
    if (this.#outcome === undefined) this.#tellSource();
    this.#end(outcome);
  }

  #end(outcome: () => Promise<Result<Out>>): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    for (const reader of this.#readers) reader.resolve(outcome());
    this.#readers.clear();
    this.#options.onEnd?.();
  }

  async #tellSource(): Promise<void> {
    try {
      await (await this.#source)?.return?.();
    } catch {
      // The reader has its outcome already: what the source throws now is about nothing any more.
    }
  }
}

function ended(): Promise<IteratorReturnResult<undefined>> {
  return Promise.resolve({ done: true, value: undefined });
}
