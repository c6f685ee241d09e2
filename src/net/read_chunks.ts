import { buffers } from "../connection/buffer_pool.ts";

/** What an idle connection reads into, what one with larger messages does, and what a busy one does. */
const IDLE_READ_BYTES = 1024;
const READ_BYTES = 4096;
const BUSY_READ_BYTES = 262_144;
/** What chunks are copied out of that belong to their readers. */
const FRESH_READ_BYTES = 65_536;

/** Where a socket is read into, and what becomes of it. */
export interface ReadChunks {
  /** The buffer that is read into next. The chunk before is not looked at any more, where it was lent. */
  nextBuffer(): Uint8Array;
  /** The chunk that the last read has given. */
  chunk(bytes: number): Uint8Array;
  /** Nothing more is read. */
  end(): void;
}

/**
 * Chunks that are valid until the next one: the more has come of late, the larger is the buffer. A connection that
 * waits has its buffer all the while.
 */
export class LentChunks implements ReadChunks {
  readonly #idle = new Uint8Array(IDLE_READ_BYTES);
  #buffer = this.#idle;
  #lastBytes = 0;
  #bytesBefore = 0;

  nextBuffer(): Uint8Array {
    const bytes = this.#nextBytes();
    if (bytes !== this.#buffer.length) {
      this.#useIdle();
      if (bytes > IDLE_READ_BYTES) this.#buffer = buffers.take(bytes);
    }
    return this.#buffer;
  }

  chunk(bytes: number): Uint8Array {
    this.#bytesBefore = this.#lastBytes;
    this.#lastBytes = bytes;
    return this.#buffer.subarray(0, bytes);
  }

  end(): void {
    this.#useIdle();
  }

  /** What did not fit in goes on in a larger buffer, which stays while a quarter of it is used. */
  #nextBytes(): number {
    if (this.#lastBytes === READ_BYTES || this.#lastBytes >= BUSY_READ_BYTES / 4) return BUSY_READ_BYTES;
    // The end of a message that did not fit in says little about the next one.
    return Math.max(this.#lastBytes, this.#bytesBefore) < IDLE_READ_BYTES ? IDLE_READ_BYTES : READ_BYTES;
  }

  #useIdle(): void {
    if (this.#buffer !== this.#idle) buffers.giveBack(this.#buffer);
    this.#buffer = this.#idle;
  }
}

/** Chunks that belong to whoever reads them. */
export class FreshChunks implements ReadChunks {
  #buffer = new Uint8Array(0);

  nextBuffer(): Uint8Array {
    if (this.#buffer.length === 0) this.#buffer = new Uint8Array(FRESH_READ_BYTES);
    return this.#buffer;
  }

  chunk(bytes: number): Uint8Array {
    return this.#buffer.slice(0, bytes);
  }

  end(): void {
    // Each chunk has gone to its reader.
  }
}
