/** A place to connect to, or to listen at. */
export type Address = UnixAddress | AbstractAddress;

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

/** Bytes that a socket's path may have: the system's `sun_path` less its last zero byte. */
export const MAX_PATH_BYTES = 107;

const FORMS = "unix:///path, unix:relative, /path or unix://@abstract";

/**
 * Reads an address.
 *
 * @throws {TypeError} If it has none of the forms there are, or its path is longer than sockets allow.
 */
export function parseAddress(address: string): Address {
  const parsed = parseForm(address);
  if (parsed === undefined) {
    throw new TypeError(`Cannot use address ${quote(address)}: the forms are ${FORMS}`);
  }
  const path = parsed.kind === "unix" ? parsed.path : parsed.name;
  const bytes = new TextEncoder().encode(path).length;
  if (bytes > MAX_PATH_BYTES) {
    throw new TypeError(
      `Cannot use address ${quote(address)}: ${bytes} bytes where sockets take ${MAX_PATH_BYTES}`,
    );
  }
  if (path.includes("\0")) throw new TypeError(`Cannot use address ${quote(address)}: it has a zero byte`);
  return parsed;
}

/** Writes an address in the one form of its kind that messages and logs use. */
export function formatAddress(address: Address): string {
  if (address.kind === "abstract") return `unix://@${address.name}`;
  return address.path.startsWith("/") ? `unix://${address.path}` : `unix:${address.path}`;
}

/** The path that the system knows an address by. */
export function systemPath(address: Address): string {
  return address.kind === "abstract" ? `\0${address.name}` : address.path;
}

function parseForm(address: string): Address | undefined {
  const abstract = /^unix:(?:\/\/)?@(.+)$/s.exec(address)?.[1];
  if (abstract !== undefined) return { kind: "abstract", name: abstract };
  const path = /^unix:\/\/(\/.*)$/s.exec(address)?.[1] ?? /^unix:(?!\/\/|@)(.+)$/s.exec(address)?.[1];
  if (path !== undefined) return { kind: "unix", path };
  const isBare = address !== "" && !/^[a-z][a-z0-9+.-]*:/i.test(address) && !address.startsWith("@");
  return isBare ? { kind: "unix", path: address } : undefined;
}

function quote(address: string): string {
  return JSON.stringify(address);
}
