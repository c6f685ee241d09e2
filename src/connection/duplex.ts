import type { RemoteInfo } from "../rpc/remote_info.ts";

/**
 * A connection as two streams of bytes. Frames may be cut anywhere over the chunks.
 *
 * A chunk that was read may be overwritten once the next one is asked for; a chunk that was written belongs
 * to the `writable`.
 *
 * A `Deno.Conn` has the shape, but closes the whole socket at the end of either half: {@linkcode connect} and
 * {@linkcode listen} give connections that can be half-closed.
 *
 * @example Look at the bytes of a connection
 * ```ts
 * import { createTransport, type Duplex, memoryDuplex, serveConnection } from "@ttrpc/ttrpc";
 * import { createGreeterClient, registerGreeter } from "./gen/greeter/v1/greeter_ttrpc.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [ours, theirs] = memoryDuplex();
 * serveConnection(theirs, { routes: (router) => registerGreeter(router, { hello: () => ({}) }) });
 * let received = 0;
 * const count = new TransformStream<Uint8Array, Uint8Array>({
 *   transform(chunk, controller) {
 *     received += chunk.length;
 *     controller.enqueue(chunk);
 *   },
 * });
 * const { writable } = ours;
 * const duplex: Duplex = { readable: ours.readable.pipeThrough(count), writable, close: () => ours.close() };
 * await using transport = createTransport({ connect: () => Promise.resolve(duplex) });
 * await createGreeterClient(transport).hello({ name: "Ada" });
 * assertEquals(received, 10); // A header, and an empty reply.
 * ```
 */
export interface Duplex {
  /** What the peer sends. Ends when the peer closes its half. */
  readonly readable: ReadableStream<Uint8Array>;
  /**
   * What the peer gets. Closing it closes this half only, so that the peer's last bytes can still be read.
   */
  readonly writable: WritableStream<Uint8Array>;
  /**
   * How many bytes the socket has taken, where that is known exactly; else a chunk counts as taken once it
   * was handed to `writable`. Tells which calls of a lost connection are safe to make again.
   */
  readonly writtenBytes?: number;
  /** The peer, where it is known. */
  readonly remote?: RemoteInfo;
  /** Closes both halves at once, whoever holds a lock on them. Does nothing the second time. */
  close(): void;
  /** Called when a call begins: from now on the connection keeps the process alive. */
  ref?(): void;
  /** Called when no call is open: the connection alone does not keep the process alive. */
  unref?(): void;
}
