import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { printable } from "../quote.ts";
import { removeIfThere } from "../remove_if_there.ts";
import { parseBootstrap, type ShimEndpoint } from "./parse_bootstrap.ts";
import { removeDeadSocket } from "./shim_sockets.ts";

/** How much of the end of a log an error shows. */
const TAIL_BYTES = 2048;

/**
 * The absolute path of a container's bundle. Its last folder must be named after the container: that is where
 * `delete` of a shim looks.
 *
 * @throws {TypeError} If there is no such folder, or it has another name, as a rejection.
 */
export async function requireBundle(bundle: string, id: string): Promise<string> {
  let path: string;
  try {
    path = await Deno.realPath(bundle);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new TypeError(`Cannot use ${bundle} as a bundle: there is no such folder`, { cause });
  }
  if (path.endsWith(`/${id}`)) return path;
  throw new TypeError(
    `Cannot use ${bundle} as the bundle of ${id}: its folder, ${path}, has to be named ${id}`,
  );
}

/** Makes the file that a shim writes its log to, without which it dies; one that is there is kept. */
export async function ensureLog(bundle: string): Promise<void> {
  try {
    (await Deno.open(`${bundle}/log`, { createNew: true, write: true, mode: 0o600 })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

/** The end of a shim's log, from a whole line on; nothing where the log is no regular file. */
export async function logTail(bundle: string): Promise<string> {
  const path = `${bundle}/log`;
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) return "";
    using file = await Deno.open(path);
    const isCut = size > TAIL_BYTES;
    if (isCut) await file.seek(-TAIL_BYTES, Deno.SeekMode.End);
    const tail = await new Response(file.readable).text();
    return printable((isCut ? tail.slice(tail.indexOf("\n") + 1) : tail).trim());
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/**
 * What a bundle tells of its shim: containerd leaves `bootstrap.json` there, shims up to 1.7 `address`.
 *
 * @returns Undefined if it has neither of them.
 * @throws {TtrpcError} If what it tells can't be used, as a rejection.
 */
export async function readBootstrap(bundle: string): Promise<ShimEndpoint | undefined> {
  for (const name of ["bootstrap.json", "address"]) {
    const path = `${bundle}/${name}`;
    try {
      return parseBootstrap(await Deno.readFile(path));
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) continue;
      const { code, rawMessage } = TtrpcError.from(cause, Code.PermissionDenied);
      throw new TtrpcError(`Cannot read ${path}: ${rawMessage}`, code, { cause, requestSent: false });
    }
  }
  return undefined;
}

/**
 * Where a shim lives that a bundle tells of. A note of one that is dead, or that can't be read, is as good as none.
 *
 * @returns Undefined if there is none.
 */
export async function livingShim(bundle: string): Promise<ShimEndpoint | undefined> {
  let noted: ShimEndpoint | undefined;
  try {
    noted = await readBootstrap(bundle);
  } catch {
    return undefined;
  }
  return noted !== undefined && !await removeDeadSocket(noted.address, 0) ? noted : undefined;
}

/** Leaves a note for those who attach, as containerd does. */
export async function writeBootstrap(bundle: string, bootstrap: ShimEndpoint): Promise<void> {
  await Deno.writeTextFile(`${bundle}/bootstrap.json`, JSON.stringify(bootstrap), { mode: 0o600 });
}

/** Removes the note, if it is still about that shim. */
export async function removeBootstrap(bundle: string, { address }: ShimEndpoint): Promise<void> {
  const path = `${bundle}/bootstrap.json`;
  try {
    if (parseBootstrap(await Deno.readFile(path)).address !== address) return;
  } catch {
    // There is none, or another one.
    return;
  }
  await removeIfThere(path);
}
