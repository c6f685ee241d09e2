import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { Inbox } from "../connection/inbox.ts";
import type { ReceiveBuffer } from "../connection/receive_flow.ts";
import { Code } from "../rpc/code.ts";
import { decodeMessage } from "../rpc/message_codec.ts";
import type { MethodInfo } from "../rpc/method_info.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { type CallHost, ClientCall, type WatchedCallOptions } from "./client_call.ts";
import type { ReplyReceiver } from "./reply_receiver.ts";

type Reply = MessageShape<DescMessage>;

/**
 * The replies of a streaming call. The call begins when the first one is asked for, and leaving the loop
 * gives it up.
 *
 * Written by hand: the `return()` of an async generator would wait for a `next()` that is pending.
 */
export class ReplyStream implements AsyncIterableIterator<Reply, undefined>, ReplyReceiver {
  readonly #call: ClientCall;
  readonly #inbox: Inbox<Reply>;
  readonly #begin: (call: ClientCall) => void;
  #hasBegun = false;

  /**
   * Makes a call that begins later.
   *
   * @param begin Brings the call onto the wire, once.
   * @throws {RangeError} If `timeoutMs` is NaN.
   */
  constructor(
    info: MethodInfo,
    options: WatchedCallOptions,
    host: CallHost,
    begin: (call: ClientCall) => void,
  ) {
    this.#call = new ClientCall(info, options, host, this);
    this.#begin = begin;
    this.#inbox = new Inbox((bytes, isOwned) => this.#decode(info, bytes, isOwned));
  }

  /** The iterator itself, so that a loop may go on where another reader has stopped. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next reply; rejects with the error that ends the call. */
  next(): Promise<IteratorResult<Reply, undefined>> {
    if (!this.#hasBegun) {
      this.#hasBegun = true;
      if (this.#call.begin()) this.#begin(this.#call);
    }
    const error = this.#call.abortError;
    if (error !== undefined) this.#inbox.abort(error);
    return this.#inbox.next();
  }

  /** Leaves the loop: gives the call up and settles at once, whatever is pending. */
  return(): Promise<IteratorResult<Reply, undefined>> {
    this.#leave();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Leaves the loop with an error. */
  throw(reason: unknown): Promise<IteratorResult<Reply, undefined>> {
    this.#leave();
    return Promise.reject(reason);
  }

  countIn(buffer: ReceiveBuffer): void {
    this.#inbox.countIn(buffer);
  }

  message(bytes: Uint8Array, isOwned: boolean): void {
    this.#inbox.push(bytes, isOwned);
  }

  end(): void {
    this.#inbox.end();
  }

  fail(error: TtrpcError): void {
    this.#inbox.fail(error);
  }

  abort(error: TtrpcError): void {
    this.#inbox.abort(error);
  }

  #leave(): void {
    this.#hasBegun = true;
    this.#inbox.discard();
    this.#call.abandon(new TtrpcError("The caller left the loop", Code.Canceled));
  }

  #decode(info: MethodInfo, bytes: Uint8Array, isOwned: boolean): Reply {
    try {
      return decodeMessage(info.replies, bytes, isOwned);
    } catch (reason) {
      const error = TtrpcError.from(reason, Code.Internal);
      this.#call.abandon(error);
      // Of a call that has ended already, the messages behind this one are dropped too.
      this.#inbox.abort(error);
      throw error;
    }
  }
}

/**
 * Replies that can be iterated once: a second loop would wait for replies of a call that is over.
 *
 * @throws {TypeError} If an iterator is asked for a second time.
 */
export function iterableOnce<T>(replies: AsyncIterator<T>): AsyncIterable<T> {
  let isTaken = false;
  return {
    [Symbol.asyncIterator]() {
      if (isTaken) throw new TypeError("Cannot iterate over the replies of a call twice");
      isTaken = true;
      return replies;
    },
  };
}
