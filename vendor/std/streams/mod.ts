/**
 * A stand-in for the functions of `@std/streams` this project uses.
 *
 * `toBytes` and `FixedChunkStream` are unstable in the real package and stand in entrypoints of their own,
 * `@std/streams/unstable-to-bytes` and `@std/streams/unstable-fixed-chunk-stream`, here as there.
 *
 * @module
 */

export { toArrayBuffer } from "./to_array_buffer.ts";
export { toText } from "./to_text.ts";
export { toTransformStream } from "./to_transform_stream.ts";
