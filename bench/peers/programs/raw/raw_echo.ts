import { payloadAt, payloadsOf, requireSame } from "../js/payloads.mjs";

/** What a socket surely takes at once, in bytes. */
const SOCKET_BYTES = 65_536;

/** One end of a socket whose other end sends back what comes. */
export class RawEcho {
  readonly #socket: Deno.Conn;
  #payloads: Uint8Array[] = [];
  #buffer = new Uint8Array();

  constructor(socket: Deno.Conn) {
    this.#socket = socket;
  }

  /** Sends payload n of a size, and resolves when it is back. */
  async echo(size: number, n: number): Promise<void> {
    if (this.#buffer.length !== size) {
      this.#payloads = payloadsOf(size);
      this.#buffer = new Uint8Array(size);
    }
    const payload = payloadAt(this.#payloads, n);
    if (size <= SOCKET_BYTES) {
      // Nothing but the two calls, since this is what others are held against.
      const written = await this.#socket.write(payload);
      if (written < size) await this.#write(payload, written);
      const read = await this.#socket.read(this.#buffer);
      if (read !== size) await this.#read(read ?? 0);
    } else {
      await Promise.all([this.#write(payload, 0), this.#read(0)]);
    }
    requireSame(this.#buffer, payload);
  }

  close(): void {
    this.#socket.close();
  }

  async #write(bytes: Uint8Array, at: number): Promise<void> {
    while (at < bytes.length) at += await this.#socket.write(bytes.subarray(at));
  }

  async #read(at: number): Promise<void> {
    while (at < this.#buffer.length) {
      const read = await this.#socket.read(this.#buffer.subarray(at));
      if (read === null) throw new Error("The socket ended");
      at += read;
    }
  }
}
