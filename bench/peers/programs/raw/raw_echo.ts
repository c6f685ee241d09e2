import { payloadAt, payloadsOf, requireSame } from "../js/payloads.mjs";

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
    await Promise.all([this.#write(payload), this.#read()]);
    requireSame(this.#buffer, payload);
  }

  close(): void {
    this.#socket.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#socket.write(bytes.subarray(at));
  }

  async #read(): Promise<void> {
    for (let at = 0; at < this.#buffer.length;) {
      const read = await this.#socket.read(this.#buffer.subarray(at));
      if (read === null) throw new Error("The socket ended");
      at += read;
    }
  }
}
