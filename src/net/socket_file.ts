import { MAX_PATH_BYTES } from "./address.ts";

/** A socket that listens at a path, and the file that stands there for it. */
export interface BoundSocket {
  /** Accepts connections. */
  readonly listener: Deno.UnixListener;
  /** Stops listening, and removes the file if it is still the one of this socket. */
  close(): void;
}

/**
 * Listens at a path so that nobody but the owner can ever connect.
 *
 * The socket is bound in a fresh folder that only the owner may enter, gets mode 0600, and is then put into
 * place. A dead socket that stands there is replaced.
 *
 * @throws {Deno.errors.AddrInUse} If a live server listens there, as a rejection.
 * @throws {Deno.errors.AlreadyExists} If a file that is no socket stands there, as a rejection.
 */
export async function bindSocketFile(path: string): Promise<BoundSocket> {
  const folder = freshFolder(path);
  await Deno.mkdir(folder, { mode: 0o700 });
  const bound = `${folder}/s`;
  let listener: Deno.UnixListener | undefined;
  try {
    listener = Deno.listen({ transport: "unix", path: bound });
    await Deno.chmod(bound, 0o600);
    const { dev, ino } = await Deno.lstat(bound);
    await clearTheWay(path);
    await putInPlace(bound, path);
    return { listener, close: closeOnce(listener, () => removeIfSame(path, dev, ino)) };
  } catch (error) {
    listener?.close();
    throw error;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Removes a dead socket, if it is still that one: the new socket stands already, so it has another number,
 * and a faster server's is left alone.
 */
async function clearTheWay(path: string): Promise<void> {
  try {
    const { isSocket, dev, ino } = await Deno.lstat(path);
    if (!isSocket) throw new Deno.errors.AlreadyExists("a file that is no socket stands there");
    if (await isAlive(path)) throw new Deno.errors.AddrInUse("a live server listens there");
    removeIfSame(path, dev, ino);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Unlike a rename, a link fails if another server was faster; file systems without links have to do with a
 * rename.
 */
async function putInPlace(bound: string, path: string): Promise<void> {
  try {
    await Deno.link(bound, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new Deno.errors.AddrInUse("another server was faster");
    }
    const hasNoLinks = error instanceof Deno.errors.NotSupported ||
      error instanceof Deno.errors.PermissionDenied;
    if (!hasNoLinks) throw error;
    await Deno.rename(bound, path);
  }
}

/** Whether somebody listens at the file of a socket. */
export async function isAlive(path: string): Promise<boolean> {
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function freshFolder(path: string): string {
  const name = `.${crypto.randomUUID().slice(0, 8)}`;
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) + name : name;
  const bytes = new TextEncoder().encode(`${folder}/s`).length;
  if (bytes <= MAX_PATH_BYTES) return folder;
  throw new TypeError(
    `its folder is too deep: a socket made there takes ${bytes} bytes, of ${MAX_PATH_BYTES}`,
  );
}

function closeOnce(listener: Deno.UnixListener, removeFile: () => void): () => void {
  let isClosed = false;
  return () => {
    if (isClosed) return;
    isClosed = true;
    try {
      removeFile();
    } finally {
      listener.close();
    }
  };
}

/** Whoever has put another file there since keeps it. */
function removeIfSame(path: string, dev: number, ino: number | null): void {
  try {
    const found = Deno.lstatSync(path);
    if (found.dev === dev && found.ino === ino) Deno.removeSync(path);
  } catch (error) {
    const isGone = error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
    if (!isGone) throw error;
  }
}
