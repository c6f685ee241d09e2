import { parseAddress } from "../../net/address.ts";
import { dialAddress } from "../dial_address.ts";

/** In `/proc/net/unix`, the flags of a socket that listens. */
const LISTENS = "00010000";

/**
 * The socket files that a process listens at: a shim's own, and its profiler's if it was told to debug.
 *
 * @returns Absolute paths; abstract names leave nothing behind.
 */
export async function listeningSockets(pid: number): Promise<string[]> {
  const inodes = new Set<string>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(await linkTarget(`/proc/${pid}/fd/${name}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const lines = (await Deno.readTextFile("/proc/net/unix")).trimEnd().split("\n").slice(1);
  const rows = lines.map((line) => line.trim().split(/\s+/));
  return rows.flatMap(([, , , flags, , , inode = "", path]) =>
    flags === LISTENS && inodes.has(inode) && path?.startsWith("/") ? [path] : []
  );
}

/**
 * Removes a socket file at which nobody listens any more.
 *
 * @param address A path, or a shim's address; one that is no file is left alone.
 */
export async function removeDeadSocket(address: string): Promise<void> {
  const parsed = parseAddress(dialAddress(address));
  if (parsed.kind !== "unix") return;
  const { path } = parsed;
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
    await Deno.remove(path);
  }
}

/** Where a descriptor leads; empty once it is closed. */
async function linkTarget(path: string): Promise<string> {
  try {
    return await Deno.readLink(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
