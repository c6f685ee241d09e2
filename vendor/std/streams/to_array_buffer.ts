import { toBytes } from "./unstable_to_bytes.ts";

/**
 * Reads a stream of bytes to its end.
 *
 * @param readableStream The stream to read.
 * @returns All its bytes in one buffer.
 */
export async function toArrayBuffer(readableStream: ReadableStream<Uint8Array>): Promise<ArrayBuffer> {
  return (await toBytes(readableStream)).buffer;
}
