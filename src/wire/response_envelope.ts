import { NO_BYTES } from "./frame.ts";
import { ProtobufReader } from "./protobuf_reader.ts";
import { ProtobufWriter } from "./protobuf_writer.ts";

/** The field number of a Response's payload. */
export const RESPONSE_PAYLOAD_FIELD = 2;

const STATUS = 0x0a;
const PAYLOAD = 0x12;
const CODE = 0x08;
const MESSAGE = 0x12;
const DETAIL = 0x1a;
const TYPE_URL = 0x0a;
const VALUE = 0x12;

/**
 * A message of any type, as `google.protobuf.Any` has it.
 *
 * @example A message as a detail
 * ```ts
 * import type { StatusDetail } from "@ttrpc/ttrpc/frame";
 * import { create, toBinary } from "@bufbuild/protobuf";
 * import { DurationSchema } from "@bufbuild/protobuf/wkt";
 * import { assertEquals } from "@std/assert";
 *
 * const retryAfter: StatusDetail = {
 *   typeUrl: `type.googleapis.com/${DurationSchema.typeName}`,
 *   value: toBinary(DurationSchema, create(DurationSchema, { seconds: 5n })),
 * };
 * assertEquals(retryAfter.typeUrl, "type.googleapis.com/google.protobuf.Duration");
 * ```
 */
export interface StatusDetail {
  /** Names the type: what follows the last slash is its full name. */
  typeUrl: string;
  /** The encoded message. */
  value: Uint8Array;
}

/**
 * How a call ended, with the fields of `google.rpc.Status`.
 *
 * @example A failure on the wire
 * ```ts
 * import { decodeResponse, encodeResponse, type Status } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const status: Status = { code: 5, message: "No such greeting", details: [] };
 * const body = encodeResponse({ status, payload: new Uint8Array(0) });
 * assertEquals(decodeResponse(body).status, status);
 * ```
 */
export interface Status {
  /** 0 for success, any other signed whole number of 32 bits for a failure. */
  code: number;
  /** What went wrong, for people. */
  message: string;
  /** What went wrong, for programs. After decoding: views of the body. */
  details: StatusDetail[];
}

/**
 * The body of a Response frame (PROTOCOL.md E1 to E4).
 *
 * @example Success or failure
 * ```ts
 * import { decodeResponse, type ResponseEnvelope } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * function hasSucceeded({ status }: ResponseEnvelope): boolean {
 *   return status === undefined || status.code === 0;
 * }
 *
 * // A body without bytes, and one with an empty status.
 * const bodies = [new Uint8Array(0), new Uint8Array([0x0a, 0])];
 * assertEquals(bodies.map(decodeResponse).map(hasSucceeded), [true, true]);
 * ```
 */
export interface ResponseEnvelope {
  /** Absent, or with code 0, when the call succeeded. */
  status?: Status | undefined;
  /** The encoded reply. After decoding: a view of the body. */
  payload: Uint8Array;
}

/**
 * Encodes a whole Response, in memory of its own.
 *
 * @throws {RangeError} If the code of the status is no whole number.
 *
 * @example A reply
 * ```ts
 * import { encodeResponse } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeResponse({ payload: new Uint8Array([7]) }), new Uint8Array([0x12, 1, 7]));
 * ```
 */
export function encodeResponse(response: ResponseEnvelope): Uint8Array {
  const writer = new ProtobufWriter();
  if (response.status !== undefined) writer.message(1, encodeStatus(response.status));
  return writer.bytes(RESPONSE_PAYLOAD_FIELD, response.payload).finish();
}

/**
 * Decodes a Response; unknown fields are passed over, of a payload that stands twice the last counts, a
 * status is merged.
 *
 * @throws {Error} If the bytes are no valid message.
 *
 * @example A payload that outlives the body
 * ```ts
 * import { decodeResponse } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const body = new Uint8Array([0x12, 1, 7]);
 * const { payload } = decodeResponse(body);
 * const copy = payload.slice();
 * body.fill(0);
 * assertEquals([payload, copy], [new Uint8Array([0]), new Uint8Array([7])]);
 * ```
 */
export function decodeResponse(body: Uint8Array): ResponseEnvelope {
  const response: ResponseEnvelope = { payload: NO_BYTES };
  const reader = new ProtobufReader(body);
  while (!reader.isAtEnd) {
    const tag = reader.tag();
    if (tag === STATUS) response.status = decodeStatus(reader.bytes(), response.status);
    else if (tag === PAYLOAD) response.payload = reader.bytes();
    else reader.skip(tag);
  }
  return response;
}

function encodeStatus(status: Status): Uint8Array {
  const writer = new ProtobufWriter().int64(1, BigInt(status.code)).string(2, status.message);
  for (const { typeUrl, value } of status.details) {
    writer.message(3, new ProtobufWriter().string(1, typeUrl).bytes(2, value).finish());
  }
  return writer.finish();
}

/** A message field that stands twice is merged, as protobuf asks. */
function decodeStatus(bytes: Uint8Array, earlier: Status | undefined): Status {
  const status: Status = earlier ?? { code: 0, message: "", details: [] };
  const reader = new ProtobufReader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.tag();
    if (tag === CODE) status.code = reader.int32();
    else if (tag === MESSAGE) status.message = reader.string();
    else if (tag === DETAIL) status.details.push(decodeDetail(reader.bytes()));
    else reader.skip(tag);
  }
  return status;
}

function decodeDetail(bytes: Uint8Array): StatusDetail {
  const detail: StatusDetail = { typeUrl: "", value: NO_BYTES };
  const reader = new ProtobufReader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.tag();
    if (tag === TYPE_URL) detail.typeUrl = reader.string();
    else if (tag === VALUE) detail.value = reader.bytes();
    else reader.skip(tag);
  }
  return detail;
}
