import type { Duplex } from "../../src/connection/duplex.ts";

/** What is wrong with a duplex. */
export interface DuplexFaults {
  /** Writing fails once so many bytes were written; what comes can still be read. */
  failWritingAt?: number;
  /** Reading fails once so many bytes were read; what is written still goes out. */
  failReadingAt?: number;
  /** Reading ends once so many bytes were read, as after a half-close by the peer. */
  endReadingAt?: number;
  /** How many bytes it gives or takes at once: asked anew for each piece. */
  pieceBytes?: () => number;
  /** Whether it can't say how many bytes it has taken. */
  hidesWrittenBytes?: boolean;
}

/** Wraps a duplex in one with faults. Chunks that were read are overwritten as the next one is asked for. */
export function faultyDuplex(inner: Duplex, faults: DuplexFaults): Duplex {
  const { pieceBytes = () => Infinity } = faults;
  const source = new PieceReader(inner.readable, faults, pieceBytes);
  const sink = inner.writable.getWriter();
  sink.closed.catch(() => {
    // The write that fails says the same.
  });
  const { failWritingAt = Infinity } = faults;
  let writtenBytes = 0;
  const write = async (chunk: Uint8Array) => {
    for (let at = 0; at < chunk.length;) {
      if (writtenBytes >= failWritingAt) throw new Error("Cannot write: some fault of the system");
      const end = Math.min(at + pieceBytes(), at + failWritingAt - writtenBytes, chunk.length);
      // In memory the peer may have it before the write has settled.
      writtenBytes += end - at;
      await sink.write(chunk.slice(at, end));
      at = end;
    }
  };
  const duplex: Duplex = {
    readable: new ReadableStream({ pull: (controller) => source.pull(controller) }, { highWaterMark: 0 }),
    writable: new WritableStream({
      write,
      close: () => sink.close(),
      abort: (reason) => sink.abort(reason),
    }),
    close: () => inner.close(),
  };
  if (faults.hidesWrittenBytes) return duplex;
  return Object.defineProperty(duplex, "writtenBytes", { get: () => writtenBytes });
}

/** Reads the pieces of a stream, as far as its faults let it. */
class PieceReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #faults: DuplexFaults;
  readonly #pieceBytes: () => number;
  #rest = new Uint8Array(0);
  #lent = new Uint8Array(0);
  #readBytes = 0;

  constructor(readable: ReadableStream<Uint8Array>, faults: DuplexFaults, pieceBytes: () => number) {
    this.#reader = readable.getReader();
    this.#faults = faults;
    this.#pieceBytes = pieceBytes;
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#lent.fill(0xaa);
    const { failReadingAt = Infinity, endReadingAt = Infinity } = this.#faults;
    if (this.#readBytes >= failReadingAt) throw new Error("Cannot read: some fault of the system");
    if (this.#readBytes >= endReadingAt) return controller.close();
    if (this.#rest.length === 0 && !(await this.#more())) return controller.close();
    const most = Math.min(failReadingAt, endReadingAt) - this.#readBytes;
    this.#lent = this.#rest.slice(0, Math.min(most, this.#pieceBytes()));
    this.#rest = this.#rest.subarray(this.#lent.length);
    this.#readBytes += this.#lent.length;
    controller.enqueue(this.#lent);
  }

  async #more(): Promise<boolean> {
    const { done, value } = await this.#reader.read();
    // A chunk of the inner duplex is lent too.
    this.#rest = value?.slice() ?? this.#rest;
    return !done;
  }
}
