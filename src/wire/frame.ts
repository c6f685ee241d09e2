/**
 * Bytes of a frame's header.
 *
 * @example What comes after the header
 * ```ts
 * import { encodeFrame, FRAME_HEADER_BYTES, FrameType } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const body = new Uint8Array([7, 8, 9]);
 * const bytes = encodeFrame({ streamId: 1, type: FrameType.Data, flags: 0, body });
 * assertEquals(bytes.subarray(FRAME_HEADER_BYTES), body);
 * ```
 */
export const FRAME_HEADER_BYTES = 10;

/**
 * Largest body a frame can announce, in bytes: the first of its four length bytes is reserved.
 *
 * @example No frame takes more
 * ```ts
 * import { encodeFrame, FrameType, MAX_BODY_BYTES } from "@ttrpc/ttrpc/frame";
 * import { assertThrows } from "@std/assert";
 *
 * const body = new Uint8Array(MAX_BODY_BYTES + 1);
 * assertThrows(() => encodeFrame({ streamId: 1, type: FrameType.Data, flags: 0, body }), RangeError);
 * ```
 */
export const MAX_BODY_BYTES = 0xffffff;

/**
 * Largest body, in bytes, that peers accept unless they agreed on something else: 4 MiB, inclusive.
 *
 * @example The envelope counts too
 * ```ts
 * import { DEFAULT_MAX_BODY_BYTES, encodeResponse } from "@ttrpc/ttrpc/frame";
 * import { assertGreater } from "@std/assert";
 *
 * const body = encodeResponse({ payload: new Uint8Array(DEFAULT_MAX_BODY_BYTES) });
 * assertGreater(body.length, DEFAULT_MAX_BODY_BYTES);
 * ```
 */
export const DEFAULT_MAX_BODY_BYTES = 4_194_304;

/** A body or a payload without bytes. */
export const NO_BYTES: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/**
 * What a frame is. A receiver ignores every other number.
 *
 * @example A type's name, for a log
 * ```ts
 * import { FrameType } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * function nameOf(type: number): string {
 *   const found = Object.entries(FrameType).find(([, number]) => number === type);
 *   return found?.[0] ?? `type ${type}`;
 * }
 *
 * assertEquals([1, 3, 9].map(nameOf), ["Request", "Data", "type 9"]);
 * ```
 */
export const FrameType = {
  /** Opens a call; the body is a {@linkcode RequestEnvelope}. */
  Request: 1,
  /** Ends a call, or answers it; the body is a {@linkcode ResponseEnvelope}. */
  Response: 2,
  /** One message of a stream; the body is the message itself. */
  Data: 3,
} as const;

/**
 * The bits of a frame's flags. Unknown bits are ignored.
 *
 * @example Flags are tested bit by bit
 * ```ts
 * import { type Frame, FrameFlag, FrameType } from "@ttrpc/ttrpc/frame";
 * import { assert } from "@std/assert";
 *
 * function endsStream({ flags }: Frame): boolean {
 *   return (flags & FrameFlag.RemoteClosed) !== 0;
 * }
 *
 * const flags = FrameFlag.RemoteClosed | FrameFlag.NoData;
 * assert(endsStream({ streamId: 1, type: FrameType.Data, flags, body: new Uint8Array(0) }));
 * ```
 */
export const FrameFlag = {
  /** The sender has sent its last message on this stream. */
  RemoteClosed: 0x01,
  /** The sender goes on sending messages on this stream. */
  RemoteOpen: 0x02,
  /** The frame holds no message, not even an empty one. */
  NoData: 0x04,
} as const;

/**
 * One frame with its body in memory.
 *
 * @example What a proxy changes in it
 * ```ts
 * import { type Frame, FrameType } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * function renumber(frame: Frame, streamId: number): Frame {
 *   return { ...frame, streamId };
 * }
 *
 * const frame = { streamId: 1, type: FrameType.Data, flags: 0, body: new Uint8Array([7]) };
 * assertEquals(renumber(frame, 5), { ...frame, streamId: 5 });
 * ```
 */
export interface Frame {
  /** The call it belongs to, 0 to 2^32-1. */
  streamId: number;
  /** One of {@linkcode FrameType}, or a number unknown to this version, 0 to 255. */
  type: number;
  /** A sum of {@linkcode FrameFlag}, and bits unknown to this version, 0 to 255. */
  flags: number;
  /** The bytes after the header, at most {@linkcode MAX_BODY_BYTES}. */
  body: Uint8Array;
}

/**
 * A sequence of bytes that is no sequence of frames. Nothing that follows on its connection can be trusted.
 *
 * @example Another protocol
 * ```ts
 * import { FrameDecoder, FrameError } from "@ttrpc/ttrpc/frame";
 * import { assertThrows } from "@std/assert";
 *
 * const http = new TextEncoder().encode("GET / HTTP/1.1");
 * assertThrows(() => new FrameDecoder().push(http, { frame() {}, oversize() {} }), FrameError);
 * ```
 */
export class FrameError extends Error {
  /** Always `"FrameError"`. */
  override readonly name: string = "FrameError";
}

/**
 * Writes a frame's header: big-endian length and stream id, type, flags (PROTOCOL.md F1).
 *
 * @param out Where to write; needs {@linkcode FRAME_HEADER_BYTES} from `at`.
 * @param at Index of the header's first byte.
 */
export function writeFrameHeader(
  out: Uint8Array,
  at: number,
  bodyBytes: number,
  streamId: number,
  type: number,
  flags: number,
): void {
  writeUint32(out, at, bodyBytes);
  writeUint32(out, at + 4, streamId);
  out[at + 8] = type;
  out[at + 9] = flags;
}

/**
 * Reads a big-endian 32-bit number.
 *
 * @throws {RangeError} If `bytes` ends before it.
 */
export function readUint32(bytes: Uint8Array, at: number): number {
  const last = bytes[at + 3];
  if (last === undefined) throw new RangeError(`Cannot read 4 bytes at ${at}: there are ${bytes.length}`);
  return (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | last) >>> 0;
}

function writeUint32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
}
