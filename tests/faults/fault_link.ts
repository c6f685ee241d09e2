import type { LinkRecord } from "./excuses.ts";
import { type Direction, DIRECTIONS, type Fault } from "./fault.ts";
import { turns } from "../waiting.ts";

/** So many bytes drip: more would only take time. */
const DRIPPING_BYTES = 2_000;

/** One connection through a proxy: its two sockets, and what goes wrong between them. */
export class FaultLink implements LinkRecord {
  readonly #client: Deno.Conn;
  readonly #server: Deno.Conn;
  readonly #closed = Promise.withResolvers<void>();
  #fault: Fault | undefined;
  #isClosed = false;
  readonly passed: Record<Direction, Uint8Array[]> = { "to server": [], "to client": [] };
  struckBy: Fault | undefined;

  /**
   * Takes the two sockets over.
   *
   * @param fault What is to go wrong.
   */
  constructor(client: Deno.Conn, server: Deno.Conn, fault: Fault | undefined) {
    this.#client = client;
    this.#server = server;
    this.#fault = fault;
  }

  /** Carries bytes both ways, until both have ended or the sockets are closed. */
  async run(): Promise<void> {
    await Promise.all(DIRECTIONS.map((direction) => this.#carry(direction)));
    this.close();
  }

  /** Closes both sockets. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#client.close();
    this.#server.close();
    this.#closed.resolve();
  }

  async #carry(direction: Direction): Promise<void> {
    const [from, to] = direction === "to server"
      ? [this.#client, this.#server]
      : [this.#server, this.#client];
    try {
      await this.#carryToFault(direction, from, to);
      const fault = this.#faultIn(direction);
      if (fault === undefined) return;
      this.#fault = undefined;
      this.struckBy = fault;
      await this.#strike(fault, from, to);
    } catch {
      // One of the two has gone: the other one is told.
      this.close();
    }
  }

  /** Carries bytes until the fault is due, or to the end, which is passed on too. */
  async #carryToFault(direction: Direction, from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const { kind, at = Infinity } = this.#faultIn(direction) ?? {};
    for (let passed = 0; passed < at;) {
      // What is cut off has been read; the other faults leave it in the socket.
      const bytes = await read(from, kind === "cut" ? Infinity : at - passed);
      if (bytes === undefined) {
        if (kind !== undefined) this.#fault = undefined;
        return await to.closeWrite();
      }
      const passing = bytes.subarray(0, at - passed);
      await this.#pass(direction, to, passing);
      passed += passing.length;
    }
  }

  async #strike({ kind, direction }: Fault, from: Deno.Conn, to: Deno.Conn): Promise<void> {
    switch (kind) {
      case "cut":
        return this.close();
      case "close unread":
        await turns(3);
        return this.close();
      case "truncate":
        await to.closeWrite();
        while (await read(from, Infinity) !== undefined);
        return;
      case "stop reading":
        return await this.#closed.promise;
      case "delay":
        await turns(10);
        return await this.#carryToFault(direction, from, to);
      case "drip":
        await this.#drip(direction, from, to);
        return await this.#carryToFault(direction, from, to);
    }
  }

  async #drip(direction: Direction, from: Deno.Conn, to: Deno.Conn): Promise<void> {
    for (let i = 0; i < DRIPPING_BYTES; i++) {
      const byte = await read(from, 1);
      if (byte === undefined) return;
      await this.#pass(direction, to, byte);
    }
  }

  async #pass(direction: Direction, to: Deno.Conn, bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const written = await to.write(bytes.subarray(at));
      this.passed[direction].push(bytes.subarray(at, at + written));
      at += written;
    }
  }

  #faultIn(direction: Direction): Fault | undefined {
    return this.#fault?.direction === direction ? this.#fault : undefined;
  }
}

async function read(from: Deno.Conn, most: number): Promise<Uint8Array | undefined> {
  const buffer = new Uint8Array(Math.min(most, 65_536));
  const bytes = await from.read(buffer);
  return bytes === null ? undefined : buffer.subarray(0, bytes);
}
