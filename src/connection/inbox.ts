import { BytePages } from "../wire/byte_pages.ts";
import { NO_BYTES } from "../wire/frame.ts";
import type { ReceiveBuffer } from "./receive_flow.ts";

/** So many places of messages that were read are kept: giving each up at once would move all that follow. */
const KEPT_PLACES = 1024;

/**
 * The messages that a peer has sent on one stream and nobody has asked for yet.
 *
 * Holds them as bytes; each is decoded when it is asked for.
 */
export class Inbox<T> {
  readonly #decode: (bytes: Uint8Array, isOwned: boolean) => T;
  /** Where the messages that wait are counted, once the stream has its place on a connection. */
  #buffer: ReceiveBuffer | undefined;
  #messages: Uint8Array[] = [];
  #pages: BytePages | undefined;
  /** Index of the next message: taking one off the front of a long array would move all others. */
  #next = 0;
  #readers: PromiseWithResolvers<IteratorResult<T, undefined>>[] = [];
  #state: "open" | "ended" | "failed" = "open";
  #error: unknown;

  /**
   * @param decode Makes a message of its bytes, which it may keep if they are owned; what it throws, the reader
   * gets.
   */
  constructor(decode: (bytes: Uint8Array, isOwned: boolean) => T) {
    this.#decode = decode;
  }

  /** Whether no message can be added any more. */
  get isEnded(): boolean {
    return this.#state !== "open";
  }

  /** Counts the messages that wait, from now on; those that came before, on another connection, are dropped. */
  countIn(buffer: ReceiveBuffer): void {
    this.#drop();
    this.#buffer = buffer;
  }

  /**
   * Adds a message. After the end it is dropped.
   *
   * @param isOwned Whether the bytes may be kept; lent ones are copied if they have to wait.
   */
  push(bytes: Uint8Array, isOwned: boolean): void {
    if (this.#state !== "open") return;
    const reader = this.#readers.shift();
    if (reader !== undefined) return this.#hand(bytes, isOwned, reader);
    this.#messages.push(isOwned ? bytes : this.#copy(bytes));
    this.#buffer?.add(bytes.length);
  }

  /** Ends the messages: those that wait can still be read, after them comes the end. */
  end(): void {
    if (this.#state === "open") this.#close("ended", undefined);
  }

  /** Ends the messages with an error: those that wait can still be read, after them comes the error. */
  fail(error: unknown): void {
    if (this.#state === "open") this.#close("failed", error);
  }

  /**
   * Forgets the messages that wait; the reader gets the error at once, unless it has seen the end already.
   */
  abort(error: unknown): void {
    if (this.#state === "ended" && this.#next === this.#messages.length) return;
    this.#drop();
    this.#close("failed", error);
  }

  /** Forgets the messages that wait; the reader gets the end at once. */
  discard(): void {
    this.#drop();
    this.#close("ended", undefined);
  }

  /** The next message, as soon as it is there. */
  next(): Promise<IteratorResult<T, undefined>> {
    const bytes = this.#take();
    if (bytes !== undefined) return this.#read(bytes);
    if (this.#state !== "open") return this.#atEnd();
    const reader = Promise.withResolvers<IteratorResult<T, undefined>>();
    this.#readers.push(reader);
    return reader.promise;
  }

  /**
   * Takes the next message out; a reader that is always a little behind must not keep all that it has read.
   */
  #take(): Uint8Array | undefined {
    const bytes = this.#messages[this.#next];
    if (bytes === undefined) return undefined;
    this.#messages[this.#next++] = NO_BYTES;
    this.#buffer?.remove(bytes.length);
    if (this.#next === this.#messages.length) {
      this.#forget();
    } else if (this.#next >= KEPT_PLACES && 2 * this.#next >= this.#messages.length) {
      this.#messages.splice(0, this.#next);
      this.#next = 0;
    }
    return bytes;
  }

  #read(bytes: Uint8Array): Promise<IteratorResult<T, undefined>> {
    try {
      return Promise.resolve({ done: false, value: this.#decode(bytes, true) });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** To a promise that is resolved with another one, its reader would wait for some turns more. */
  #hand(
    bytes: Uint8Array,
    isOwned: boolean,
    reader: PromiseWithResolvers<IteratorResult<T, undefined>>,
  ): void {
    let value: T;
    try {
      value = this.#decode(bytes, isOwned);
    } catch (error) {
      return reader.reject(error);
    }
    reader.resolve({ done: false, value });
  }

  #atEnd(): Promise<IteratorResult<T, undefined>> {
    if (this.#state === "failed") return Promise.reject(this.#error);
    return Promise.resolve({ done: true, value: undefined });
  }

  /**
   * One message alone gets memory of its own; more share pages that no other stream has a part of, so that none
   * outlives the messages by much.
   */
  #copy(bytes: Uint8Array): Uint8Array {
    if (this.#messages.length === 0) return new Uint8Array(bytes);
    this.#pages ??= new BytePages();
    return this.#pages.copy(bytes, 0, bytes.length);
  }

  #forget(): void {
    this.#messages = [];
    this.#next = 0;
    this.#pages = undefined;
  }

  #drop(): void {
    this.#forget();
    this.#buffer?.clear();
  }

  #close(state: "ended" | "failed", error: unknown): void {
    this.#state = state;
    this.#error = error;
    this.#buffer?.end();
    const readers = this.#readers;
    this.#readers = [];
    for (const reader of readers) reader.resolve(this.#atEnd());
  }
}
