import type { PeerCredentials } from "../rpc/remote_info.ts";
import { Descriptors } from "./descriptors.ts";
import { type Libc, openLibc } from "./libc.ts";

/** Options of sockets; the numbers are the same on all processors that Deno runs on. */
const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const SO_ACCEPTCONN = 30;
const SO_COOKIE = 57;

/**
 * Reads who has connected to a unix socket that listens in this process.
 *
 * Deno shows no descriptor of a connection, so the accepted socket is looked for among all that are open: it
 * is the one that bears the listener's name and was not there before. No guess: only the listener makes such
 * sockets, and it makes the next one when it is asked to. Should two ever be there, neither counts: to know
 * that, each look is at all descriptors, and takes 2 to 3 microseconds for each.
 *
 * A socket of `node:net` does show its descriptor, but a server of that kind never accepts again once it has
 * run out of descriptors, and does not say so (Deno 2.9.6).
 */
export class CredentialReader implements Disposable {
  readonly #resources: DisposableStack;
  readonly #libc: Libc;
  readonly #descriptors: Descriptors;
  readonly #name: Uint8Array;
  readonly #value = new Uint8Array(128);
  readonly #view = new DataView(this.#value.buffer);
  readonly #length = new Uint32Array(1);
  /** The sockets that were open at the last look, by numbers that the system gives only once. */
  #known = new Set<bigint>();

  /**
   * Begins before the first connection is accepted.
   *
   * @param name Where the socket listens, as it was bound; an abstract name begins with a zero byte.
   * @throws {Deno.errors.NotCapable} If Deno runs without `--allow-ffi`.
   * @throws {Error} If this system does not tell who connects.
   */
  constructor(name: string) {
    using resources = new DisposableStack();
    this.#libc = resources.adopt(openLibc(), (libc) => libc.close());
    this.#descriptors = resources.use(new Descriptors(this.#libc));
    this.#name = new TextEncoder().encode(name.startsWith("\0") ? name : `${name}\0`);
    this.#requireListener();
    this.#resources = resources.move();
  }

  /**
   * The credentials of the client that was accepted since the last call; to be asked after each.
   *
   * @throws {Error} If they can't be told, or the reader has been disposed of.
   */
  read(): PeerCredentials {
    if (this.#resources.disposed) throw new Error("Cannot tell who connects: the listener is closed");
    const found = this.#newSockets();
    const [fd] = found;
    if (fd === undefined || found.length > 1) {
      throw new Error(`Cannot tell who connects: ${found.length} new sockets where there must be one`);
    }
    return this.#credentials(fd);
  }

  [Symbol.dispose](): void {
    this.#resources.dispose();
  }

  /** The listening socket bears the credentials of its own process, which shows that they can be read. */
  #requireListener(): void {
    const [fd, ...others] = this.#newSockets().filter((fd) => this.#isListening(fd));
    if (fd === undefined || others.length > 0 || this.#credentials(fd).pid !== Deno.pid) {
      throw new Error("This system does not tell who connects");
    }
  }

  /** The sockets with the listener's name that were not there at the last look. */
  #newSockets(): number[] {
    const known = this.#known;
    this.#known = new Set();
    const found: number[] = [];
    for (const fd of this.#descriptors) {
      const cookie = this.#cookie(fd);
      if (cookie === undefined || this.#known.has(cookie)) continue;
      this.#known.add(cookie);
      if (!known.has(cookie) && this.#hasName(fd)) found.push(fd);
    }
    return found;
  }

  #cookie(fd: number): bigint | undefined {
    return this.#getOption(fd, SO_COOKIE, 8) ? this.#view.getBigUint64(0, true) : undefined;
  }

  #isListening(fd: number): boolean {
    return this.#getOption(fd, SO_ACCEPTCONN, 4) && this.#view.getInt32(0, true) === 1;
  }

  #credentials(fd: number): PeerCredentials {
    if (!this.#getOption(fd, SO_PEERCRED, 12)) {
      throw new Error("Cannot tell who connects: the system does not say");
    }
    const number = (at: number) => this.#view.getUint32(at, true);
    return { pid: number(0), uid: number(4), gid: number(8) };
  }

  /** Reads an option of a socket; what is no socket has none. */
  #getOption(fd: number, option: number, bytes: number): boolean {
    this.#length[0] = bytes;
    const failure = this.#libc.symbols.getsockopt(fd, SOL_SOCKET, option, this.#value, this.#length);
    return failure === 0 && this.#length[0] === bytes;
  }

  #hasName(fd: number): boolean {
    this.#length[0] = this.#value.length;
    if (this.#libc.symbols.getsockname(fd, this.#value, this.#length) !== 0) return false;
    // After two bytes for the kind of the address.
    const name = this.#value.subarray(2, this.#length[0]);
    return name.length === this.#name.length && this.#name.every((byte, i) => byte === name[i]);
  }
}
