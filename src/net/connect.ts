import type { Duplex } from "../connection/duplex.ts";
import { formatAddress, parseAddress, systemPath } from "./address.ts";
import { netError } from "./net_error.ts";
import { SocketDuplex } from "./socket_duplex.ts";

/**
 * Connects to an address.
 *
 * The chunks of its `readable` belong to whoever reads them, so that it can be piped anywhere.
 *
 * @param address `unix:///path`, `unix:relative`, a bare path, or `unix://@abstract`.
 * @throws {TypeError} If the address has none of these forms, as a rejection.
 * @throws {TtrpcError} With code 14 if nobody can be reached there, as a rejection; it names the address, and
 * for a missing permission the flags to grant.
 *
 * @example Usage
 * ```ts
 * import { connect, listen } from "@ttrpc/ttrpc";
 *
 * using listener = await listen(`unix://${await Deno.makeTempDir()}/greeter.sock`);
 * const duplex = await connect(listener.address);
 * duplex.close();
 * ```
 */
export function connect(address: string): Promise<Duplex> {
  return openSocket(address, "fresh");
}

/** Connects with chunks that are lent, for the module's own connections: they keep none. */
export function connectLent(address: string): Promise<Duplex> {
  return openSocket(address, "lent");
}

async function openSocket(address: string, chunks: "fresh" | "lent"): Promise<Duplex> {
  const parsed = parseAddress(address);
  try {
    const conn = await Deno.connect({ transport: "unix", path: systemPath(parsed) });
    return new SocketDuplex(conn, { address: formatAddress(parsed) }, chunks);
  } catch (cause) {
    throw netError("connect to", parsed, cause);
  }
}
