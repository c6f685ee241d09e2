import { NO_BYTES } from "./frame.ts";
import { ProtobufReader } from "./protobuf_reader.ts";
import { ProtobufWriter } from "./protobuf_writer.ts";

/** The field number of a Request's payload. */
export const REQUEST_PAYLOAD_FIELD = 3;

/** The tag before the name of a service. */
export const SERVICE_TAG = 0x0a;
/** The tag before the name of a method. */
export const METHOD_TAG = 0x12;
const PAYLOAD = 0x1a;
const TIMEOUT_NANO = 0x20;
const METADATA = 0x2a;
const KEY = 0x0a;
const VALUE = 0x12;

/** So many pairs a Request may have (PROTOCOL.md E6). */
const MAX_METADATA_PAIRS = 4_096;

type MetadataPairs = Iterable<readonly [key: string, value: string]>;

/** What a Request of a method begins with, where nothing unusual stands before. */
export interface RequestHead {
  /** Full name of the service. */
  readonly service: string;
  /** Name of the method. */
  readonly method: string;
  /** Both, encoded. */
  readonly bytes: Uint8Array;
}

/** Writes the end of a Request; the next one overwrites it. */
const tailWriter = new ProtobufWriter();

/**
 * The body of a Request frame (PROTOCOL.md E1 to E6).
 *
 * @example With a deadline and metadata
 * ```ts
 * import { decodeRequest, encodeRequest, type RequestEnvelope } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const request: RequestEnvelope = {
 *   service: "greeter.v1.Greeter",
 *   method: "Hello",
 *   payload: new Uint8Array([0x0a, 3, 0x41, 0x64, 0x61]),
 *   timeoutNanos: 500_000_000n,
 *   metadata: [["trace-id", "7"]],
 * };
 * assertEquals(decodeRequest(encodeRequest(request)), request);
 * ```
 */
export interface RequestEnvelope {
  /** Full name of the service, such as `greeter.v1.Greeter`. */
  service: string;
  /** Name of the method as in the proto, such as `Hello`. */
  method: string;
  /** The encoded message. After decoding: a view of the body. */
  payload: Uint8Array;
  /**
   * What is left until the deadline, in nanoseconds, -2^63 to 2^63-1: 0 for none, negative for one that has
   * passed.
   */
  timeoutNanos: bigint;
  /** Keys and values in the order of the wire. */
  metadata: [key: string, value: string][];
}

/** Encodes what stands before the payload: it is the same for every call of a method. */
export function encodeRequestHead(service: string, method: string): RequestHead {
  return { service, method, bytes: new ProtobufWriter().string(1, service).string(2, method).finish() };
}

/**
 * Encodes what stands after the payload; a call without deadline and metadata has no such bytes.
 *
 * @returns Bytes that are valid until the next call.
 */
export function encodeRequestTail(timeoutNanos: bigint, metadata: MetadataPairs | undefined): Uint8Array {
  if (timeoutNanos === 0n && metadata === undefined) return NO_BYTES;
  return writeTail(tailWriter.restart(), timeoutNanos, metadata ?? []).view();
}

/**
 * Encodes a whole Request, in memory of its own.
 *
 * @example Usage
 * ```ts
 * import { encodeRequest } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const payload = new Uint8Array(0);
 * const body = encodeRequest({ service: "a.A", method: "M", payload, timeoutNanos: 0n, metadata: [] });
 * assertEquals(body.length, 8);
 * ```
 */
export function encodeRequest(request: RequestEnvelope): Uint8Array {
  const { service, method, payload, timeoutNanos, metadata } = request;
  const writer = new ProtobufWriter();
  writer.string(1, service).string(2, method).bytes(REQUEST_PAYLOAD_FIELD, payload);
  return writeTail(writer, timeoutNanos, metadata).finish();
}

/**
 * Decodes a Request; unknown fields are passed over, of one that stands twice the last counts, metadata add
 * up.
 *
 * @throws {Error} If the bytes are no valid message, or have more than 4 096 pairs of metadata.
 *
 * @example Who is called
 * ```ts
 * import { decodeRequest } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const body = new TextEncoder().encode("\n\x03a.A\x12\x01M");
 * const { service, method, timeoutNanos } = decodeRequest(body);
 * assertEquals([service, method, timeoutNanos], ["a.A", "M", 0n]);
 * ```
 */
export function decodeRequest(body: Uint8Array): RequestEnvelope {
  return decodeRequestAfter(undefined, body);
}

/**
 * Decodes a Request as {@linkcode decodeRequest} does.
 *
 * @param head What it is known to begin with: its names need not be decoded.
 * @throws {Error} If the bytes are no valid message, or have more than 4 096 pairs of metadata.
 */
export function decodeRequestAfter(head: RequestHead | undefined, body: Uint8Array): RequestEnvelope {
  const request: RequestEnvelope = {
    service: head?.service ?? "",
    method: head?.method ?? "",
    payload: NO_BYTES,
    timeoutNanos: 0n,
    metadata: [],
  };
  const reader = new ProtobufReader(body, head?.bytes.length);
  while (!reader.isAtEnd) {
    const tag = reader.tag();
    if (tag === SERVICE_TAG) request.service = reader.string();
    else if (tag === METHOD_TAG) request.method = reader.string();
    else if (tag === PAYLOAD) request.payload = reader.bytes();
    else if (tag === TIMEOUT_NANO) request.timeoutNanos = reader.int64();
    else if (tag === METADATA) addPair(request.metadata, reader.bytes());
    else reader.skip(tag);
  }
  return request;
}

/** Two bytes on the wire may be an empty pair, which takes thirty times as much in memory. */
function addPair(metadata: RequestEnvelope["metadata"], bytes: Uint8Array): void {
  if (metadata.length === MAX_METADATA_PAIRS) {
    throw new Error(`More than ${MAX_METADATA_PAIRS} metadata pairs`);
  }
  metadata.push(decodeKeyValue(bytes));
}

function writeTail(writer: ProtobufWriter, timeoutNanos: bigint, metadata: MetadataPairs): ProtobufWriter {
  writer.int64(4, timeoutNanos);
  for (const [key, value] of metadata) {
    writer.message(5, new ProtobufWriter().string(1, key).string(2, value).finish());
  }
  return writer;
}

function decodeKeyValue(bytes: Uint8Array): [key: string, value: string] {
  const pair: [string, string] = ["", ""];
  const reader = new ProtobufReader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.tag();
    if (tag === KEY) pair[0] = reader.string();
    else if (tag === VALUE) pair[1] = reader.string();
    else reader.skip(tag);
  }
  return pair;
}
