import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";

/**
 * Which program a shim is: one of `runtime` and `path`.
 *
 * @example Kata Containers
 * ```ts
 * import { type ShimProgramOptions, startShim } from "@ttrpc/ttrpc/shim";
 *
 * const kata: ShimProgramOptions = { runtime: "io.containerd.kata.v2" };
 * const start = (id: string) => startShim({ ...kata, id, bundle: `/run/bundles/${id}` });
 * ```
 */
export interface ShimProgramOptions {
  /**
   * Name of the runtime, from which containerd makes the name of a program in `PATH`.
   *
   * @default {"io.containerd.runc.v2"}
   */
  runtime?: string;
  /** Path of the program, instead of `runtime`. */
  path?: string;
}

/**
 * Finds the program of a shim.
 *
 * @throws {TypeError} If both `runtime` and `path` are given, or one of them is none, as a rejection.
 * @throws {TtrpcError} With code 5 if it is not there, as a rejection.
 */
export async function findShimProgram({ runtime, path }: ShimProgramOptions): Promise<string> {
  if (runtime !== undefined && path !== undefined) {
    throw new TypeError("Cannot tell which shim is meant: give either runtime or path");
  }
  return path === undefined
    ? await findRuntime(runtime ?? "io.containerd.runc.v2")
    : await requireBinary(path);
}

/**
 * The file name of a runtime's shim, as containerd makes it: `io.containerd.runc.v2` is
 * `containerd-shim-runc-v2`.
 *
 * @throws {TypeError} If the runtime's name does not end in a name and a version.
 */
export function shimFileName(runtime: string): string {
  const [name, version] = runtime.split(".").slice(-2);
  if (name && version && !runtime.includes("/")) return `containerd-shim-${name}-${version}`;
  throw new TypeError(
    `Cannot use ${JSON.stringify(runtime)} as a runtime: not a name such as io.containerd.runc.v2`,
  );
}

/** Finds a runtime's shim in the folders of `PATH`. */
async function findRuntime(runtime: string): Promise<string> {
  const fileName = shimFileName(runtime);
  const folders = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder.startsWith("/"));
  for (const folder of folders) {
    const path = `${folder}/${fileName}`;
    if (await isExecutable(path)) return path;
  }
  throw noBinary(`there is no ${fileName} in PATH`);
}

async function requireBinary(path: string): Promise<string> {
  if (!path.includes("/")) throw new TypeError(`Cannot use ${path} as a shim: give a path, or a runtime`);
  if (!await isExecutable(path)) throw noBinary(`${path} is not there, or is no program`);
  return await Deno.realPath(path);
}

function noBinary(message: string): TtrpcError {
  return new TtrpcError(`Cannot start a shim: ${message}`, Code.NotFound, { requestSent: false });
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    const { isFile, mode } = await Deno.stat(path);
    return isFile && ((mode ?? 0) & 0o111) !== 0;
  } catch (error) {
    const { NotFound, NotADirectory, PermissionDenied } = Deno.errors;
    const isAbsent = error instanceof NotFound || error instanceof NotADirectory ||
      error instanceof PermissionDenied;
    if (isAbsent) return false;
    throw error;
  }
}
