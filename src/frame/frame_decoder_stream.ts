import { type Frame, FrameError } from "../wire/frame.ts";
import { FrameDecoder, type FrameDecoderOptions } from "../wire/frame_decoder.ts";

/** The header of a frame whose body was over the limit. */
export interface OversizeFrame extends Omit<Frame, "body"> {
  /** The announced length of the body in bytes. */
  length: number;
}

/** Options for {@linkcode FrameDecoderStream}. */
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
