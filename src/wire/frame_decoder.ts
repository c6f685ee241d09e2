import {
  DEFAULT_MAX_BODY_BYTES,
  FRAME_HEADER_BYTES,
  FrameError,
  MAX_BODY_BYTES,
  readUint32,
} from "./frame.ts";
import { requireWhole } from "./require_whole.ts";

/**
 * Takes what a {@linkcode FrameDecoder} finds, in the order of the bytes. What its methods throw comes out of
 * `push()` and ends the decoding.
 *
 * @example A sink that keeps what it gets
 * ```ts
 * import { encodeFrame, FrameDecoder, type FrameSink, FrameType } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const bodies: Uint8Array[] = [];
 * const sink: FrameSink = {
 *   frame: (_streamId, _type, _flags, body, isOwned) => bodies.push(isOwned ? body : body.slice()),
 *   oversize: (streamId, _type, _flags, length) => console.log(`${streamId}: ${length} bytes skipped`),
 * };
 * const body = new Uint8Array([7]);
 * new FrameDecoder().push(encodeFrame({ streamId: 1, type: FrameType.Data, flags: 0, body }), sink);
 * assertEquals(bodies, [body]);
 * ```
 */
export interface FrameSink {
  /**
   * A whole frame.
   *
   * @param body Valid during this call only, unless `isOwned`: whoever keeps it copies it.
   * @param isOwned Whether `body` has memory of its own, so that keeping it needs no copy.
   */
  frame(streamId: number, type: number, flags: number, body: Uint8Array, isOwned: boolean): void;
  /**
   * A frame whose body was over the limit, reported once that body has been skipped.
   *
   * @param length The announced length of the body in bytes.
   */
  oversize(streamId: number, type: number, flags: number, length: number): void;
}

/**
 * Options for {@linkcode FrameDecoder}.
 *
 * @example A body over the limit
 * ```ts
 * import { encodeFrame, FrameDecoder, type FrameDecoderOptions, FrameType } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const options: FrameDecoderOptions = { maxBodyBytes: 4 };
 * const skipped: number[] = [];
 * new FrameDecoder(options).push(
 *   encodeFrame({ streamId: 1, type: FrameType.Data, flags: 0, body: new Uint8Array(5) }),
 *   { frame() {}, oversize: (_streamId, _type, _flags, length) => skipped.push(length) },
 * );
 * assertEquals(skipped, [5]);
 * ```
 */
export interface FrameDecoderOptions {
  /**
   * Largest body in bytes that is delivered; a longer one is skipped and reported. 0 to 16 777 215.
   *
   * @default {4194304}
   */
  maxBodyBytes?: number;
}

/**
 * Finds frames in a sequence of chunks that may be cut anywhere (PROTOCOL.md F1 to F5).
 *
 * A body that lies within one chunk is handed on where it lies; one that straddles chunks gets a buffer of
 * its announced length, taken only after that length was held against the limit. A longer body costs no
 * memory.
 *
 * @example Usage
 * ```ts
 * import { FrameDecoder } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const seen: number[] = [];
 * const decoder = new FrameDecoder();
 * decoder.push(new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1, 3, 5]), {
 *   frame: (streamId, type, flags) => seen.push(streamId, type, flags),
 *   oversize: () => {},
 * });
 * decoder.end();
 * assertEquals(seen, [1, 3, 5]);
 * ```
 */
export class FrameDecoder {
  readonly #maxBodyBytes: number;
  /** A header that straddles chunks; made for the first one. */
  #header: Uint8Array | undefined;
  #state: "header" | "body" | "skip" | "broken" = "header";
  /** Bytes that have come of the header, of the body, or of what is skipped. */
  #filled = 0;
  #body: Uint8Array | undefined;
  #length = 0;
  #streamId = 0;
  #type = 0;
  #flags = 0;

  /**
   * Makes a decoder that stands before the first byte of a connection.
   *
   * @throws {RangeError} If `maxBodyBytes` is not a whole number from 0 to 16 777 215.
   */
  constructor(options: FrameDecoderOptions = {}) {
    const { maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
    requireWhole("maxBodyBytes", maxBodyBytes, 0, MAX_BODY_BYTES);
    this.#maxBodyBytes = maxBodyBytes;
  }

  /**
   * Decodes the next bytes and hands `sink` every frame they complete.
   *
   * @throws {FrameError} If a header's reserved length byte is not zero, or an earlier `push()` has thrown:
   * the decoder is of no use from then on.
   */
  push(chunk: Uint8Array, sink: FrameSink): void {
    for (let at = 0; at < chunk.length;) at = this.next(chunk, at, sink);
  }

  /**
   * Decodes the next bytes up to the end of a frame at most, so that whoever is handed it may pause there.
   *
   * @param at Where to begin, less than the length of `chunk`.
   * @returns Where to go on; the length of `chunk` once all of it is decoded.
   * @throws {FrameError} As `push()` does.
   */
  next(chunk: Uint8Array, at: number, sink: FrameSink): number {
    try {
      return this.#take(chunk, at, sink);
    } catch (error) {
      // The rest of the chunk is lost: a later one begins no one knows where.
      this.#state = "broken";
      throw error;
    }
  }

  /**
   * Ends the input: no byte follows.
   *
   * @throws {FrameError} If the bytes so far end inside a frame, or `push()` has thrown.
   */
  end(): void {
    if (this.#state === "header" && this.#filled === 0) return;
    if (this.#state === "broken") throw brokenEarlier();
    throw new FrameError("Cannot decode a frame: unexpected end of stream");
  }

  #take(chunk: Uint8Array, at: number, sink: FrameSink): number {
    switch (this.#state) {
      case "header":
        return this.#takeHeader(chunk, at, sink);
      case "body":
        return this.#takeBody(chunk, at, sink);
      case "skip":
        return this.#skipBody(chunk, at, sink);
      case "broken":
        throw brokenEarlier();
    }
  }

  #takeHeader(chunk: Uint8Array, at: number, sink: FrameSink): number {
    if (this.#filled === 0 && chunk.length - at >= FRAME_HEADER_BYTES) {
      this.#readHeader(chunk, at);
      return this.#takeBodyInPlace(chunk, at + FRAME_HEADER_BYTES, sink);
    }
    const end = Math.min(chunk.length, at + FRAME_HEADER_BYTES - this.#filled);
    this.#header ??= new Uint8Array(FRAME_HEADER_BYTES);
    while (at < end) this.#header[this.#filled++] = chunk[at++] ?? 0;
    if (this.#filled < FRAME_HEADER_BYTES) return at;
    this.#filled = 0;
    this.#readHeader(this.#header, 0);
    return this.#takeBodyInPlace(chunk, at, sink);
  }

  #readHeader(bytes: Uint8Array, at: number): void {
    this.#length = readUint32(bytes, at);
    if (this.#length > MAX_BODY_BYTES) {
      throw new FrameError(`Cannot decode a frame: its reserved length byte is not zero, but ${bytes[at]}`);
    }
    this.#streamId = readUint32(bytes, at + 4);
    this.#type = bytes[at + 8] ?? 0;
    this.#flags = bytes[at + 9] ?? 0;
  }

  #takeBodyInPlace(chunk: Uint8Array, at: number, sink: FrameSink): number {
    const end = at + this.#length;
    if (this.#length > this.#maxBodyBytes) {
      this.#state = "skip";
      return at;
    }
    if (end <= chunk.length) {
      sink.frame(this.#streamId, this.#type, this.#flags, chunk.subarray(at, end), false);
      return end;
    }
    this.#body = new Uint8Array(this.#length);
    this.#state = "body";
    return at;
  }

  #takeBody(chunk: Uint8Array, at: number, sink: FrameSink): number {
    const body = this.#body ?? new Uint8Array(this.#length);
    const end = Math.min(chunk.length, at + this.#length - this.#filled);
    body.set(chunk.subarray(at, end), this.#filled);
    this.#filled += end - at;
    if (this.#filled === this.#length) {
      this.#expectHeader();
      sink.frame(this.#streamId, this.#type, this.#flags, body, true);
    }
    return end;
  }

  #skipBody(chunk: Uint8Array, at: number, sink: FrameSink): number {
    const end = Math.min(chunk.length, at + this.#length - this.#filled);
    this.#filled += end - at;
    if (this.#filled === this.#length) {
      this.#expectHeader();
      sink.oversize(this.#streamId, this.#type, this.#flags, this.#length);
    }
    return end;
  }

  #expectHeader(): void {
    this.#state = "header";
    this.#filled = 0;
    this.#body = undefined;
  }
}

function brokenEarlier(): FrameError {
  return new FrameError("Cannot decode a frame: an earlier one failed");
}
