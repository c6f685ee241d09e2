/**
 * Cuts a stream of bytes into chunks of one size; only the last one may be shorter.
 *
 * @example Usage
 * ```ts
 * import { FixedChunkStream } from "@std/streams/unstable-fixed-chunk-stream";
 *
 * const pairs = ReadableStream.from([new Uint8Array(3), new Uint8Array(2)])
 *   .pipeThrough(new FixedChunkStream(2));
 * const sizes = (await Array.fromAsync(pairs)).map((chunk) => chunk.length);
 * if (sizes.join() !== "2,2,1") throw new Error(sizes.join());
 * ```
 */
export class FixedChunkStream extends TransformStream<Uint8Array, Uint8Array> {
  /**
   * Makes a stream that cuts.
   *
   * @param size Bytes in a chunk.
   */
  constructor(size: number) {
    let rest = new Uint8Array(size);
    let filled = 0;
    super({
      transform(chunk, controller) {
        for (let at = 0; at < chunk.length;) {
          const part = chunk.subarray(at, at + size - filled);
          rest.set(part, filled);
          at += part.length;
          filled += part.length;
          if (filled < size) break;
          controller.enqueue(rest);
          rest = new Uint8Array(size);
          filled = 0;
        }
      },
      flush(controller) {
        if (filled > 0) controller.enqueue(rest.subarray(0, filled));
      },
    });
  }
}
