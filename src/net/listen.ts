import type { Duplex } from "../connection/duplex.ts";
import { type Address, formatAddress, parseAddress, systemPath } from "./address.ts";
import { netError } from "./net_error.ts";
import { SocketDuplex } from "./socket_duplex.ts";
import { bindSocketFile, type BoundSocket } from "./socket_file.ts";

/** Where connections come in. Iterates over them until it is closed; leaving a loop over it closes it. */
export interface Listener extends AsyncIterable<Duplex>, Disposable {
  /** The address it listens at. */
  readonly address: string;
  /** Accepts no further connection and ends the iteration. Does nothing the second time. */
  close(): void;
}

/**
 * Listens at an address.
 *
 * A socket file gets mode 0600: only its owner may connect. A dead socket that stands there is replaced; a
 * live one, or any other file, is left alone. Abstract names have no mode: every user of the host may
 * connect.
 *
 * @param address `unix:///path`, `unix:relative`, a bare path, or `unix://@abstract`.
 * @throws {TypeError} If the address has none of these forms, as a rejection.
 * @throws {TtrpcError} With code 14 if it can't be listened at, as a rejection; it names the address, and for
 * a missing permission the flags to grant.
 *
 * @example Usage
 * ```ts
 * import { connect, listen } from "@ttrpc/ttrpc";
 *
 * const folder = await Deno.makeTempDir();
 * using listener = await listen(`unix://${folder}/greeter.sock`);
 * const duplex = await connect(listener.address);
 * duplex.close();
 * ```
 */
export function listen(address: string): Promise<Listener> {
  return openListener(address, "fresh");
}

/** Listens with chunks that are lent, for the module's own connections: they keep none. */
export function listenLent(address: string): Promise<Listener> {
  return openListener(address, "lent");
}

async function openListener(address: string, chunks: "fresh" | "lent"): Promise<Listener> {
  const parsed = parseAddress(address);
  try {
    return new SocketListener(formatAddress(parsed), await bind(parsed), chunks);
  } catch (cause) {
    throw netError("listen on", parsed, cause);
  }
}

async function bind(address: Address): Promise<BoundSocket> {
  if (address.kind === "unix") return await bindSocketFile(address.path);
  const listener = Deno.listen({ transport: "unix", path: systemPath(address) });
  return { listener, close: () => listener.close() };
}

class SocketListener implements Listener {
  readonly address: string;
  readonly #socket: BoundSocket;
  readonly #chunks: "fresh" | "lent";
  #isClosed = false;

  constructor(address: string, socket: BoundSocket, chunks: "fresh" | "lent") {
    this.address = address;
    this.#socket = socket;
    this.#chunks = chunks;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Duplex, void> {
    // Not with a loop of its own: leaving that would close the socket behind the back of `close`.
    const conns = this.#socket.listener[Symbol.asyncIterator]();
    try {
      for (let next = await conns.next(); !next.done; next = await conns.next()) {
        yield new SocketDuplex(next.value, { address: this.address }, this.#chunks);
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
