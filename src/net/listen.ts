import type { Duplex } from "../connection/duplex.ts";
import type { RemoteInfo } from "../rpc/remote_info.ts";
import { acceptAll } from "./accept_all.ts";
import { type Address, formatAddress, parseAddress, systemPath } from "./address.ts";
import { CredentialReader } from "./credential_reader.ts";
import { netError } from "./net_error.ts";
import { SocketDuplex } from "./socket_duplex.ts";
import { bindSocketFile } from "./socket_file.ts";
import { requireVsock } from "./vsock.ts";

/**
 * Where connections come in. Iterates over them until it is closed; leaving a loop over it closes it.
 *
 * @example Usage
 * ```ts
 * import { connect, listen, type Listener } from "@ttrpc/ttrpc";
 *
 * using listener: Listener = await listen("tcp://127.0.0.1:0");
 * const duplex = await connect(listener.address);
 * for await (const accepted of listener) {
 *   console.log(`${accepted.remote?.address} has connected`);
 *   accepted.close();
 *   break;
 * }
 * duplex.close();
 * ```
 */
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
 * live one, or any other file, is left alone. The other kinds have no owner: every user of the host may
 * connect to an abstract name, and whoever can reach it to a TCP or vsock port.
 *
 * Port 0 of TCP is any that is free; {@linkcode Listener.address} has its number. `vsock://-1:1024` takes
 * connections from every machine. `hvsock:///run/vm.sock:1024` takes those that the guest makes to port 1024
 * of its host: they come to the socket file `/run/vm.sock_1024`, which the hypervisor must be allowed to use.
 *
 * @param address In one of the forms that {@linkcode connect} takes.
 * @throws {TypeError} If the address has none of these forms, as a rejection.
 * @throws {TtrpcError} With code 14 if it can't be listened at, or 7 if a permission is missing, as a rejection;
 * it names the address, and then the flags to grant.
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
  return openListener(address, { chunks: "fresh" });
}

/** Options for {@linkcode listenLent}. */
export interface ListenOptions {
  /**
   * Whether to tell with each connection who made it.
   *
   * @default {false}
   */
  readsCredentials?: boolean;
  /** Told what keeps connections out, for want of file descriptors or of credentials; accepting goes on. */
  onError?: (error: unknown) => void;
}

/**
 * Listens with chunks that are lent, for the module's own connections: they keep none.
 *
 * @throws {TypeError} If credentials shall be read at an address that has none, as a rejection.
 */
export function listenLent(address: string, options: ListenOptions = {}): Promise<Listener> {
  return openListener(address, { chunks: "lent", ...options });
}

interface OpenOptions extends ListenOptions {
  chunks: "fresh" | "lent";
}

async function openListener(text: string, options: OpenOptions): Promise<Listener> {
  const address = parseAddress(text, "listen on");
  const { readsCredentials = false } = options;
  if (readsCredentials && (address.kind === "tcp" || address.kind === "vsock")) {
    throw new TypeError(`Cannot tell who connects to ${formatAddress(address)}: only unix sockets do`);
  }
  try {
    return makeListener(await bind(address), options);
  } catch (cause) {
    throw netError("listen on", address, cause, readsCredentials ? " --allow-ffi" : "");
  }
}

function makeListener(bound: Bound, { readsCredentials = false, ...options }: OpenOptions): Listener {
  if (!readsCredentials) return new SocketListener(bound, options);
  try {
    const { addr } = bound.listener;
    if (!("path" in addr)) throw new TypeError("Not a unix socket");
    return new SocketListener(bound, options, new CredentialReader(addr.path));
  } catch (error) {
    bound.close();
    throw error;
  }
}

/** A socket that listens, and its address with the port that it really has. */
interface Bound {
  readonly address: Address;
  readonly listener: Deno.Listener;
  close(): void;
}

async function bind(address: Address): Promise<Bound> {
  switch (address.kind) {
    case "tcp": {
      const listener = Deno.listen({ hostname: address.hostname, port: address.port });
      return bound({ ...address, port: listener.addr.port }, listener);
    }
    case "vsock":
      await requireVsock();
      return bound(address, Deno.listen({ transport: "vsock", cid: address.cid, port: address.port }));
    case "abstract":
      return bound(address, Deno.listen({ transport: "unix", path: systemPath(address, "listen on") }));
    default:
      return { address, ...await bindSocketFile(systemPath(address, "listen on")) };
  }
}

function bound(address: Address, listener: Deno.Listener): Bound {
  return { address, listener, close: () => listener.close() };
}

class SocketListener implements Listener {
  readonly address: string;
  readonly #bound: Bound;
  readonly #options: OpenOptions;
  readonly #credentials: CredentialReader | undefined;
  readonly #closed = new AbortController();

  constructor(bound: Bound, options: OpenOptions, credentials?: CredentialReader) {
    this.address = formatAddress(bound.address);
    this.#bound = bound;
    this.#options = options;
    this.#credentials = credentials;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Duplex, void> {
    // Not with a loop of its own: leaving that would close the socket behind the back of `close`.
    const conns = acceptAll(this.#bound.listener, this.#closed.signal, (error) => this.#report(error));
    try {
      for (let next = await conns.next(); !next.done; next = await conns.next()) {
        const remote = this.#remote(next.value);
        if (remote !== undefined) yield new SocketDuplex(next.value, remote, this.#options.chunks);
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#credentials?.[Symbol.dispose]();
    this.#bound.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Who has connected; a connection of which that can't be told is closed. */
  #remote(conn: Deno.Conn): RemoteInfo | undefined {
    const address = this.#remoteAddress(conn.remoteAddr);
    if (this.#credentials === undefined) return { address };
    try {
      return { address, credentials: this.#credentials.read() };
    } catch (error) {
      conn.close();
      if (!this.#closed.signal.aborted) this.#report(error);
      return undefined;
    }
  }

  /** A client of a socket file has no address of its own. */
  #remoteAddress(addr: Deno.Addr): string {
    switch (addr.transport) {
      case "tcp":
        return formatAddress({ kind: "tcp", hostname: addr.hostname, port: addr.port });
      case "vsock":
        return formatAddress({ kind: "vsock", cid: addr.cid, port: addr.port });
      default:
        return this.address;
    }
  }

  #report(error: unknown): void {
    this.#options.onError?.(error);
  }
}
