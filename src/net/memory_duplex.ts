import type { Duplex } from "../connection/duplex.ts";

/**
 * Makes two duplexes that are each other's peer, without a socket.
 *
 * @example Usage
 * ```ts
 * import { memoryDuplex } from "@ttrpc/ttrpc";
 * import { assertEquals } from "@std/assert";
 *
 * const [left, right] = memoryDuplex();
 * const writer = left.writable.getWriter();
 * const reader = right.readable.getReader();
 * const [, chunk] = await Promise.all([writer.write(new Uint8Array([7])), reader.read()]);
 * assertEquals(chunk.value, new Uint8Array([7]));
 * left.close();
 * ```
 */
export function memoryDuplex(): [Duplex, Duplex] {
  const there = pipe();
  const back = pipe();
  const close = () => {
    there.close();
    back.close();
  };
  const remote = { address: "memory" };
  return [
    { readable: back.readable, writable: there.writable, close, remote },
    { readable: there.readable, writable: back.writable, close, remote },
  ];
}

interface Pipe {
  readable: ReadableStream<Uint8Array>;
  writable: WritableStream<Uint8Array>;
  close(): void;
}

/** One direction: what was written can still be read after `close`, but nothing more can be written. */
function pipe(): Pipe {
  let close = () => {};
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      close = () => controller.terminate();
    },
  });
  return { readable, writable, close };
}
