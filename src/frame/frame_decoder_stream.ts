import { type Frame, FrameError } from "../wire/frame.ts";
import { FrameDecoder, type FrameDecoderOptions } from "../wire/frame_decoder.ts";

/**
 * The header of a frame whose body was over the limit.
 *
 * @example The answer of a proxy
 * ```ts
 * import { encodeResponse, type Frame, FrameType, type OversizeFrame } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * function refuse({ streamId, length }: OversizeFrame): Frame {
 *   const status = { code: 8, message: `${length} bytes are too many`, details: [] };
 *   const body = encodeResponse({ status, payload: new Uint8Array(0) });
 *   return { streamId, type: FrameType.Response, flags: 0, body };
 * }
 *
 * assertEquals(refuse({ streamId: 1, type: FrameType.Request, flags: 0, length: 9_000_000 }).streamId, 1);
 * ```
 */
export interface OversizeFrame extends Omit<Frame, "body"> {
  /** The announced length of the body in bytes. */
  length: number;
}

/**
 * Options for {@linkcode FrameDecoderStream}.
 *
 * @example Skip what is too long, and go on
 * ```ts
 * import { FrameDecoderStream, type FrameDecoderStreamOptions } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const skipped: number[] = [];
 * const options: FrameDecoderStreamOptions = {
 *   maxBodyBytes: 0,
 *   onOversize: ({ length }) => skipped.push(length),
 * };
 * const bytes = new Uint8Array([0, 0, 0, 1, 0, 0, 0, 1, 3, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1, 3, 5]);
 * const frames = ReadableStream.from([bytes]).pipeThrough(new FrameDecoderStream(options));
 * assertEquals(await Array.fromAsync(frames, ({ flags }) => flags), [5]);
 * assertEquals(skipped, [1]);
 * ```
 */
export interface FrameDecoderStreamOptions extends FrameDecoderOptions {
  /**
   * Told of a frame that was skipped because its body was over the limit. Without it, such a frame fails the
   * stream with a {@linkcode FrameError}.
   */
  onOversize?: (frame: OversizeFrame) => void;
}

/**
 * Bytes in, frames out, wherever the chunks are cut. Each frame's body has memory of its own.
 *
 * Fails with a {@linkcode FrameError} at bytes that are no frames, and if they end inside a frame.
 *
 * @example Usage
 * ```ts
 * import { encodeFrame, FrameDecoderStream, FrameType } from "@ttrpc/ttrpc/frame";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeFrame({ streamId: 1, type: FrameType.Data, flags: 0, body: new Uint8Array([7]) });
 * const chunks = ReadableStream.from([bytes.subarray(0, 4), bytes.subarray(4)]);
 * const frames = await Array.fromAsync(chunks.pipeThrough(new FrameDecoderStream()));
 * assertEquals(frames, [{ streamId: 1, type: 3, flags: 0, body: new Uint8Array([7]) }]);
 * ```
 */
export class FrameDecoderStream extends TransformStream<Uint8Array, Frame> {
  /**
   * Makes a stream that decodes frames.
   *
   * @throws {RangeError} If `maxBodyBytes` is not a whole number from 0 to 16 777 215.
   */
  constructor(options: FrameDecoderStreamOptions = {}) {
    const decoder = new FrameDecoder(options);
    const onOversize = options.onOversize ?? refuseOversize;
    super({
      transform(chunk, controller) {
        decoder.push(chunk, {
          frame(streamId, type, flags, body, isOwned) {
            controller.enqueue({ streamId, type, flags, body: isOwned ? body : body.slice() });
          },
          oversize(streamId, type, flags, length) {
            onOversize({ streamId, type, flags, length });
          },
        });
      },
      flush: () => decoder.end(),
    });
  }
}

function refuseOversize({ streamId, length }: OversizeFrame): never {
  throw new FrameError(
    `Cannot decode a frame of stream ${streamId}: its body of ${length} bytes is over the limit`,
  );
}
