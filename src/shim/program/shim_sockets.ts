import { parseAddress } from "../../net/address.ts";
import { isAlive } from "../../net/socket_file.ts";
import { dialAddress } from "../dial_address.ts";
import { removeIfThere } from "../remove_if_there.ts";
import { lookAt } from "./proc.ts";
import { waitUntil } from "./wait_until.ts";

/** In `/proc/net/unix`, the line of a file's socket that listens; there may be blanks in the path. */
const LISTENS = /^\S+ \S+ \S+ 00010000 \S+ \S+ +(\d+) (\/.*)$/;
/** How long the sockets of a process that is about to end may stay open. */
const DYING_MS = 2_000;

/**
 * The socket files that a process listens at: a shim's own, and its profiler's if it was told to debug.
 *
 * @returns Their addresses; abstract names leave nothing behind.
 */
export async function listeningSockets(pid: number): Promise<string[]> {
  const inodes = new Set<string>();
  for (const target of await openFiles(pid)) {
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const lines = (await Deno.readTextFile("/proc/net/unix")).split("\n");
  return lines.flatMap((line) => {
    const [, inode = "", path] = LISTENS.exec(line) ?? [];
    return path !== undefined && inodes.has(inode) ? [`unix://${path}`] : [];
  });
}

/**
 * Removes a socket file once nobody listens there any more: a process that was killed does so for a moment.
 *
 * @param address A shim's address; one that is no file is left alone.
 * @returns Whether nobody listens there in time.
 */
export async function removeDeadSocket(address: string, timeoutMs = DYING_MS): Promise<boolean> {
  const parsed = parseAddress(dialAddress(address));
  if (parsed.kind !== "unix") return true;
  return await waitUntil(() => removeIfDead(parsed.path), timeoutMs);
}

/**
 * Whether the file of a socket is there. A shim that has agreed to end removes it, though it may live on for a while.
 *
 * @param address A shim's address; one that is no file counts as there.
 */
export async function hasSocketFile(address: string): Promise<boolean> {
  const parsed = parseAddress(dialAddress(address));
  return parsed.kind !== "unix" || await lookAt(() => Deno.lstat(parsed.path)) !== undefined;
}

/** Where something else stands than a socket, connecting is refused as well. */
async function removeIfDead(path: string): Promise<boolean> {
  try {
    if (!(await Deno.lstat(path)).isSocket) return true;
    if (await isAlive(path)) return false;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    // The listener has just been closed.
    if (error instanceof Deno.errors.ConnectionReset) return false;
    throw error;
  }
  await removeIfThere(path);
  return true;
}

/** Where the descriptors of a process lead, without those that it closes meanwhile. */
async function openFiles(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const entries = await lookAt(() => Array.fromAsync(Deno.readDir(folder))) ?? [];
  const targets = entries.map(({ name }) => lookAt(() => Deno.readLink(`${folder}/${name}`)));
  return (await Promise.all(targets)).filter((target) => target !== undefined);
}
