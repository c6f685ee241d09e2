import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { decodeMessage } from "../rpc/message_codec.ts";
import type { MethodInfo } from "../rpc/method_info.ts";
import type { TtrpcError } from "../rpc/ttrpc_error.ts";
import type { ReplyReceiver } from "./reply_receiver.ts";

type Reply = MessageShape<DescMessage>;

/** The only reply of a unary call, as a promise settles with it. */
export class SingleReply implements ReplyReceiver {
  readonly #info: MethodInfo;
  readonly #resolve: (reply: Reply) => void;
  readonly #reject: (reason: unknown) => void;

  constructor(info: MethodInfo, resolve: (reply: Reply) => void, reject: (reason: unknown) => void) {
    this.#info = info;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  message(bytes: Uint8Array, isOwned: boolean): void {
    try {
      this.#resolve(decodeMessage(this.#info.replies, bytes, isOwned));
    } catch (error) {
      this.#reject(error);
    }
  }

  end(): void {
    // The message has settled the promise.
  }

  fail(error: TtrpcError): void {
    this.#reject(error);
  }

  abort(error: TtrpcError): void {
    this.#reject(error);
  }
}
