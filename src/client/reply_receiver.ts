import type { ReceiveBuffer } from "../connection/receive_flow.ts";
import type { TtrpcError } from "../rpc/ttrpc_error.ts";

/** Where the replies of a call go. After `end`, `fail` or `abort` nothing comes any more. */
export interface ReplyReceiver {
  /** The call has its place on a connection: replies that wait count there. Told for streams of replies. */
  countIn?(buffer: ReceiveBuffer): void;
  /**
   * A reply, encoded.
   *
   * @param isOwned Whether the bytes may be kept; else they are lent.
   */
  message(bytes: Uint8Array, isOwned: boolean): void;
  /** The call has succeeded. */
  end(): void;
  /** The call has failed; replies that came before can still be read. */
  fail(error: TtrpcError): void;
  /** The caller has given the call up, or its deadline has passed: it fails at once. */
  abort(error: TtrpcError): void;
}
