/** A place to connect to, or to listen at. */
export type Address = UnixAddress | AbstractAddress | TcpAddress | VsockAddress | HybridVsockAddress;

/** A socket file. */
export interface UnixAddress {
  /** Tells the kinds of address apart. */
  readonly kind: "unix";
  /** Path of the socket file, absolute or relative to the working directory. */
  readonly path: string;
}

/** A name in Linux' abstract namespace: no file, and open to every user of the host's network namespace. */
export interface AbstractAddress {
  /** Tells the kinds of address apart. */
  readonly kind: "abstract";
  /** The name without the zero byte before it. */
  readonly name: string;
}

/** A TCP port: without encryption, and open to whoever can reach it. */
export interface TcpAddress {
  /** Tells the kinds of address apart. */
  readonly kind: "tcp";
  /** A name, or an IPv4 or IPv6 address, the latter without brackets. */
  readonly hostname: string;
  /** 1 to 65535; 0, for listening, is any port that is free. */
  readonly port: number;
}

/** A port of a virtual machine or of its host. */
export interface VsockAddress {
  /** Tells the kinds of address apart. */
  readonly kind: "vsock";
  /** Number of the machine: 1 is this one, 2 the host; {@linkcode VSOCK_ANY}, for listening, is any. */
  readonly cid: number;
  /** 0 to 4294967294. */
  readonly port: number;
}

/** A port of a virtual machine, through the socket file that its hypervisor has on the host. */
export interface HybridVsockAddress {
  /** Tells the kinds of address apart. */
  readonly kind: "hvsock";
  /** Path of the hypervisor's socket file, absolute or relative to the working directory. */
  readonly path: string;
  /** 0 to 4294967294. */
  readonly port: number;
}

/** The cid that means every machine; written as `-1`. */
export const VSOCK_ANY = 0xffffffff;

/** Bytes that a socket's path may have: the system's `sun_path` less its last zero byte. */
export const MAX_PATH_BYTES = 107;

/** What is done with an address: the first words of an error's message. */
export type NetAction = "connect to" | "listen on";

const FORMS = "unix:///path, unix:relative, /path, unix://@abstract, tcp://host:port, vsock://cid:port or " +
  "hvsock:///path:port";

/**
 * Reads an address.
 *
 * @param action What it is for: port 0 of TCP and cid -1 are there for listening only.
 * @throws {TypeError} If it has none of the forms there are, a number is out of its range, or its path is
 * longer than sockets allow.
 */
export function parseAddress(text: string, action: NetAction = "connect to"): Address {
  const address = parseForm(text);
  if (address === undefined) throw refusal(text, `the forms are ${FORMS}`);
  const fault = faultOf(address, action);
  if (fault !== undefined) throw refusal(text, fault);
  return address;
}

/** Writes an address in the one form of its kind that messages and logs use. */
export function formatAddress(address: Address): string {
  switch (address.kind) {
    case "unix":
      return `unix:${formatPath(address.path)}`;
    case "abstract":
      return `unix://@${address.name}`;
    case "tcp":
      return `tcp://${formatHost(address)}`;
    case "vsock":
      return `vsock://${address.cid === VSOCK_ANY ? -1 : address.cid}:${address.port}`;
    case "hvsock":
      return `hvsock:${formatPath(address.path)}:${address.port}`;
  }
}

/** Writes the host and the port of an address, as permissions also name them. */
export function formatHost({ hostname, port }: TcpAddress): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}

function formatPath(path: string): string {
  return path.startsWith("/") ? `//${path}` : path;
}

/** The path that the system knows a local address by. */
export function systemPath(
  address: UnixAddress | AbstractAddress | HybridVsockAddress,
  action: NetAction,
): string {
  if (address.kind === "abstract") return `\0${address.name}`;
  // Where hypervisors look for who listens at a port of the host.
  if (address.kind === "hvsock" && action === "listen on") return `${address.path}_${address.port}`;
  return address.path;
}

function parseForm(text: string): Address | undefined {
  const [, scheme, rest = ""] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(text) ?? [];
  switch (scheme) {
    case undefined:
      return text === "" || text.startsWith("@") ? undefined : { kind: "unix", path: text };
    case "unix":
      return parseUnix(rest);
    case "tcp":
      return parseTcp(rest);
    case "vsock":
      return parseVsock(rest);
    case "hvsock":
      return parseHybridVsock(rest);
    default:
      return undefined;
  }
}

function parseUnix(rest: string): UnixAddress | AbstractAddress | undefined {
  const name = /^(?:\/\/)?@(.+)$/s.exec(rest)?.[1];
  if (name !== undefined) return { kind: "abstract", name };
  const path = parsePath(rest);
  return path === undefined ? undefined : { kind: "unix", path };
}

function parseTcp(rest: string): TcpAddress | undefined {
  const [, host, port] = /^\/\/(\[[\da-f:.]+\]|[\w.-]+):(\d+)$/i.exec(rest) ?? [];
  if (host === undefined || !URL.canParse(`http://${host}`)) return undefined;
  return { kind: "tcp", hostname: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}

function parseVsock(rest: string): VsockAddress | undefined {
  const [, cid, port] = /^\/\/(-1|\d+):(\d+)$/.exec(rest) ?? [];
  if (cid === undefined) return undefined;
  return { kind: "vsock", cid: cid === "-1" ? VSOCK_ANY : Number(cid), port: Number(port) };
}

function parseHybridVsock(rest: string): HybridVsockAddress | undefined {
  const [, place = "", port] = /^(.+):(\d+)$/s.exec(rest) ?? [];
  const path = parsePath(place);
  return path === undefined ? undefined : { kind: "hvsock", path, port: Number(port) };
}

/** What follows the scheme: two slashes before an absolute path, none before a relative one. */
function parsePath(rest: string): string | undefined {
  return /^\/\/(\/.*)$/s.exec(rest)?.[1] ?? /^(?!\/\/|@).+$/s.exec(rest)?.[0];
}

function faultOf(address: Address, action: NetAction): string | undefined {
  const listens = action === "listen on";
  switch (address.kind) {
    case "tcp":
      return outOfRange("port", address.port, listens ? 0 : 1, 65535);
    case "vsock":
      return outOfRange("cid", address.cid, 0, listens ? VSOCK_ANY : VSOCK_ANY - 1) ??
        outOfRange("port", address.port, 0, VSOCK_ANY - 1);
    case "hvsock":
      return outOfRange("port", address.port, 0, VSOCK_ANY - 1) ?? faultOfPath(systemPath(address, action));
    case "unix":
      return faultOfPath(address.path);
    case "abstract":
      return faultOfPath(address.name);
  }
}

function outOfRange(what: string, value: number, least: number, most: number): string | undefined {
  return value < least || value > most ? `its ${what} must be from ${least} to ${most}` : undefined;
}

function faultOfPath(path: string): string | undefined {
  if (path.includes("\0")) return "it has a zero byte";
  const bytes = new TextEncoder().encode(path).length;
  return bytes > MAX_PATH_BYTES ? `${bytes} bytes where sockets take ${MAX_PATH_BYTES}` : undefined;
}

function refusal(text: string, fault: string): TypeError {
  return new TypeError(`Cannot use address ${JSON.stringify(text)}: ${fault}`);
}
