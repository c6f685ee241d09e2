import type { Duplex } from "../../src/connection/duplex.ts";
import { memoryDuplex } from "../../src/net/memory_duplex.ts";
import type { PeerCredentials } from "../../src/rpc/remote_info.ts";

/** A listener in memory, to which clients connect as whoever they like. */
export class Arrivals implements AsyncIterable<Duplex>, Disposable {
  readonly address = "memory";
  readonly #accepted: ReadableStream<Duplex>;
  #controller: ReadableStreamDefaultController<Duplex> | undefined;

  constructor() {
    this.#accepted = new ReadableStream({ start: (controller) => void (this.#controller = controller) });
  }

  /** Connects a client, and gives its end. */
  connect(credentials?: PeerCredentials): Duplex {
    const [ours, theirs] = memoryDuplex();
    const remote = { address: "memory", ...(credentials && { credentials }) };
    this.#controller?.enqueue({ ...theirs, remote });
    return ours;
  }

  /** Nobody connects any more. */
  close(): void {
    this.#controller?.close();
    this.#controller = undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<Duplex> {
    return this.#accepted[Symbol.asyncIterator]();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
