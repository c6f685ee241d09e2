import type { Duplex } from "../connection/duplex.ts";
import { type Address, formatAddress, parseAddress, systemPath } from "./address.ts";
import { connectToGuest } from "./hvsock.ts";
import { netError } from "./net_error.ts";
import { SocketDuplex } from "./socket_duplex.ts";
import { requireVsock } from "./vsock.ts";

/**
 * Connects to an address.
 *
 * - `unix:///run/a.sock`, `unix:a.sock`, or a bare path: a socket file
 * - `unix://@name`: a name in Linux' abstract namespace
 * - `tcp://host:1024`, `tcp://[::1]:1024`: a TCP port
 * - `vsock://3:1024`: a port of the virtual machine with the cid 3; 2 is the host. Deno needs the flag
 *   `--unstable-vsock`
 * - `hvsock:///run/vm.sock:1024`: a port of a virtual machine, through the socket file of its hypervisor, as
 *   Firecracker and Cloud Hypervisor have it, which gets five seconds to connect
 *
 * TCP and vsock are neither encrypted nor authenticated.
 *
 * The chunks of the connection's `readable` belong to whoever reads them, so that it can be piped anywhere.
 *
 * @param address One of the forms above.
 * @throws {TypeError} If the address has none of these forms, as a rejection.
 * @throws {TtrpcError} With code 14 if nobody can be reached there, or 7 if a permission is missing, as a
 * rejection; it names the address, and then the flags to grant.
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

/**
 * Connects with chunks that are lent, for the module's own connections: they keep none.
 *
 * @param signal Ends a handshake with a hypervisor: the transport was closed.
 */
export function connectLent(address: string, signal?: AbortSignal): Promise<Duplex> {
  return openSocket(address, "lent", signal);
}

async function openSocket(text: string, chunks: "fresh" | "lent", signal?: AbortSignal): Promise<Duplex> {
  const address = parseAddress(text);
  try {
    return new SocketDuplex(await dial(address, signal), { address: formatAddress(address) }, chunks);
  } catch (cause) {
    throw netError("connect to", address, cause);
  }
}

async function dial(address: Address, signal: AbortSignal | undefined): Promise<Deno.Conn> {
  if (address.kind === "tcp") return await Deno.connect({ hostname: address.hostname, port: address.port });
  if (address.kind === "vsock") {
    await requireVsock();
    return await Deno.connect({ transport: "vsock", cid: address.cid, port: address.port });
  }
  const conn = await Deno.connect({ transport: "unix", path: systemPath(address, "connect to") });
  if (address.kind === "hvsock") await connectToGuest(conn, address.port, { signal });
  return conn;
}
