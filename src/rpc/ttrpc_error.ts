import {
  create,
  type DescMessage,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import { Code, codeToString } from "./code.ts";

/**
 * A detail of an error as it is on the wire: the same fields as `google.protobuf.Any`.
 *
 * @example The types of an error's details
 * ```ts
 * import { Code, type ErrorDetail, TtrpcError } from "@ttrpc/ttrpc";
 * import { MissingFieldSchema } from "./gen/greeter/v1/greeter_pb.ts";
 * import { assertEquals } from "@std/assert";
 *
 * function typeName({ typeUrl }: ErrorDetail): string {
 *   return typeUrl.slice(typeUrl.lastIndexOf("/") + 1);
 * }
 *
 * const details = [{ desc: MissingFieldSchema, value: { field: "name" } }];
 * const error = new TtrpcError("Whom shall I greet?", Code.InvalidArgument, { details });
 * assertEquals(error.details.map(typeName), ["greeter.v1.MissingField"]);
 * ```
 */
export interface ErrorDetail {
  /** Names the type: what follows the last slash is its full name. */
  readonly typeUrl: string;
  /** The encoded message. */
  readonly value: Uint8Array;
}

/**
 * A detail to send with an error: a message description and the message's fields.
 *
 * @example A detail of one type
 * ```ts
 * import { Code, type OutgoingDetail, TtrpcError } from "@ttrpc/ttrpc";
 * import { MissingFieldSchema } from "./gen/greeter/v1/greeter_pb.ts";
 * import { assertEquals } from "@std/assert";
 *
 * function missing(field: string): OutgoingDetail<typeof MissingFieldSchema> {
 *   return { desc: MissingFieldSchema, value: { field } };
 * }
 *
 * const details = ["name", "title"].map(missing);
 * const error = new TtrpcError("Whom shall I greet?", Code.InvalidArgument, { details });
 * assertEquals(error.findDetails(MissingFieldSchema).map(({ field }) => field), ["name", "title"]);
 * ```
 */
export interface OutgoingDetail<Desc extends DescMessage = DescMessage> {
  /** Describes the message, such as `MissingFieldSchema`. */
  readonly desc: Desc;
  /** The message, or the fields to make it of. */
  readonly value: MessageInitShape<Desc>;
}

/**
 * Options for {@linkcode TtrpcError}.
 *
 * @example Words of one's own for another server's error
 * ```ts
 * import { Code, TtrpcError, type TtrpcErrorOptions } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * function explain(error: TtrpcError): TtrpcError {
 *   const options: TtrpcErrorOptions = { details: error.details, cause: error };
 *   return new TtrpcError(`The greeter says: ${error.rawMessage}`, error.code, options);
 * }
 *
 * const { message } = explain(new TtrpcError("No such name", Code.NotFound));
 * assertEquals(message, "[not_found] The greeter says: No such name");
 * ```
 */
export interface TtrpcErrorOptions {
  /**
   * Details for programs, sent along with code and message.
   *
   * @default {[]}
   */
  details?: Iterable<ErrorDetail | OutgoingDetail>;
  /** What led to the error. It stays on this side. */
  cause?: unknown;
  /**
   * Whether the request may have reached the peer.
   *
   * @default {true}
   */
  requestSent?: boolean;
}

/**
 * The one error that calls end with.
 *
 * A client gets it for every call that fails; a handler throws it to send code, message and details.
 *
 * @example Usage
 * ```ts
 * import { Code, TtrpcError } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * const error = new TtrpcError("No such greeting", Code.NotFound);
 * assertEquals(error.message, "[not_found] No such greeting");
 * assertEquals(error.rawMessage, "No such greeting");
 * ```
 */
export class TtrpcError extends Error {
  /** Always `"TtrpcError"`. */
  override readonly name: string = "TtrpcError";
  /** Why the call failed: one of {@linkcode Code}, or a peer's own number. Never 0. */
  readonly code: Code;
  /** The message as it is on the wire; `message` has the code before it. */
  readonly rawMessage: string;
  /** The details in the order of the wire; {@linkcode TtrpcError.findDetails} decodes them. */
  readonly details: readonly ErrorDetail[];
  /**
   * False if no byte of the request was handed to the socket, so that calling again is safe. True if the peer
   * may have seen it, and for errors that handlers make.
   */
  readonly requestSent: boolean;

  /**
   * Makes an error.
   *
   * @param message What went wrong, for people.
   * @param code Why: a signed whole number of 32 bits; {@linkcode Code.Unknown} if not given.
   * @throws {RangeError} If `code` is 0, which is no error, or no signed whole number of 32 bits.
   */
  constructor(message: string, code: number = Code.Unknown, options: TtrpcErrorOptions = {}) {
    super(`[${codeToString(code)}] ${message}`, "cause" in options ? { cause: options.cause } : undefined);
    if (code === Code.Ok || code !== (code | 0)) {
      throw new RangeError(
        `Cannot make an error with code ${code}: not a whole number of 32 bits other than 0`,
      );
    }
    this.code = code;
    this.rawMessage = message;
    this.details = Array.from(options.details ?? [], encodeDetail);
    this.requestSent = options.requestSent ?? true;
  }

  /**
   * Makes a `TtrpcError` of anything that was thrown; one that is a `TtrpcError` comes back as it is.
   *
   * @param reason What was thrown. It becomes the `cause`, and its message the error's own.
   * @param code The code if `reason` has none; {@linkcode Code.Unknown} if not given.
   */
  static from(reason: unknown, code: Code = Code.Unknown): TtrpcError {
    if (reason instanceof TtrpcError) return reason;
    return new TtrpcError(messageOf(reason), code, { cause: reason });
  }

  /**
   * Decodes the details of one type.
   *
   * @returns The messages in the order of the wire; a detail whose bytes are no such message is left out.
   */
  findDetails<Desc extends DescMessage>(desc: Desc): MessageShape<Desc>[] {
    const found: MessageShape<Desc>[] = [];
    for (const { typeUrl, value } of this.details) {
      if (typeUrl.slice(typeUrl.lastIndexOf("/") + 1) !== desc.typeName) continue;
      try {
        found.push(fromBinary(desc, value));
      } catch {
        // A peer's malformed detail must not hide the error it came with; its bytes stay in `details`.
      }
    }
    return found;
  }
}

/**
 * Whether a call failed because the peer does not have its service or method.
 *
 * Go and this module say so with code 12; Rust's and old Go's servers with 3 or 5 and a text of their own
 * (PROTOCOL.md P3).
 *
 * @example What Go and Rust say
 * ```ts
 * import { Code, isUnimplemented, TtrpcError } from "@ttrpc/ttrpc";
 * import { assert } from "@std/assert";
 *
 * assert(isUnimplemented(new TtrpcError("method Hello", Code.Unimplemented)));
 * assert(isUnimplemented(new TtrpcError("greeter.v1.Greeter service does not exist", Code.InvalidArgument)));
 * assert(!isUnimplemented(new TtrpcError("The name does not exist", Code.InvalidArgument)));
 * ```
 */
export function isUnimplemented(error: unknown): boolean {
  if (!(error instanceof TtrpcError)) return false;
  const { code, rawMessage } = error;
  if (code === Code.Unimplemented) return true;
  if (code === Code.InvalidArgument) return /^(\S+ service|\/\S+) does not exist$/.test(rawMessage);
  return code === Code.NotFound && /^(\/\S+ is not supported|(service|method) \S+)$/.test(rawMessage);
}

/** What was thrown may be anything, an object that can't become a string included. */
function messageOf(reason: unknown): string {
  try {
    return String(reason instanceof Error ? reason.message : reason);
  } catch {
    return "Something was thrown that has no message";
  }
}

function encodeDetail(detail: ErrorDetail | OutgoingDetail): ErrorDetail {
  if ("typeUrl" in detail) return { typeUrl: detail.typeUrl, value: detail.value };
  const { desc, value } = detail;
  return { typeUrl: `type.googleapis.com/${desc.typeName}`, value: toBinary(desc, create(desc, value)) };
}
