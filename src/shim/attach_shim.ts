import { Code } from "../rpc/code.ts";
import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { logTail, readBootstrap } from "./program/bundle.ts";
import { bundlePath, type BundlePlace, namespaceOf, STATE_DIR } from "./program/bundle_places.ts";
import { type ConnectedShim, connectShim } from "./connect_shim.ts";
import { requireIdentifier } from "./identifier.ts";
import type { ShimEndpoint } from "./program/parse_bootstrap.ts";
import { findShimProgram, type ShimProgramOptions } from "./program/shim_program.ts";
import type { Shim } from "./shim.ts";
import { ShimHandle } from "./shim_handle.ts";

/**
 * Options for {@linkcode attachShim}: either `bundle`, or `id` and `namespace`.
 *
 * @example A containerd with folders of its own
 * ```ts
 * import { attachShim, type AttachShimOptions } from "@ttrpc/ttrpc/shim";
 *
 * const k3s: AttachShimOptions = { stateDir: "/run/k3s/containerd", namespace: "k8s.io" };
 *
 * async function pidOf(id: string): Promise<number> {
 *   await using shim = await attachShim({ ...k3s, id });
 *   return (await shim.task().state({ timeoutMs: 2_000 })).pid;
 * }
 * ```
 */
export interface AttachShimOptions extends ShimProgramOptions {
  /** Folder of a container of that shim. */
  bundle?: string;
  /** Id of the container, if its bundle is one of containerd's. */
  id?: string;
  /**
   * The namespace that the id is in.
   *
   * @default {"default"} Of a bundle of containerd's it is known.
   */
  namespace?: string;
  /**
   * Where containerd keeps its bundles: `state` in its configuration.
   *
   * @default {"/run/containerd"}
   */
  stateDir?: string;
  /** Gives up waiting for the shim's first answer. */
  signal?: AbortSignal;
}

/**
 * Connects to a shim that is running: one of containerd's, or one of {@linkcode startShim}.
 *
 * The shim's own user must ask, mostly root. Disposing of the object only closes the connection. `runtime` or `path`
 * tell which program it is; that is asked for only if a container that is made with this object has to be removed
 * without the shim.
 *
 * @throws {TypeError} If an option can't be used, as a rejection.
 * @throws {TtrpcError} With code 5 if the bundle tells of no shim, 14 if none answers, with the end of its log, 4 if it
 * hangs, 1 if it is given up, as a rejection.
 *
 * @example A process of a container that containerd runs
 * ```ts
 * import { attachShim } from "@ttrpc/ttrpc/shim";
 *
 * async function processesOf(namespace: string, id: string): Promise<number[]> {
 *   await using shim = await attachShim({ namespace, id });
 *   return (await shim.task().pids()).map(({ pid }) => pid);
 * }
 * ```
 */
export async function attachShim(options: AttachShimOptions): Promise<Shim> {
  const place = placeOf({ ...options, bundle: options.bundle && await realPathOf(options.bundle) });
  const bootstrap = await readBootstrap(place.bundle);
  if (bootstrap === undefined) {
    throw cannotAttach(place, "there is neither bootstrap.json nor address", Code.NotFound);
  }
  const connected = await connect(bootstrap, place, options.signal);
  const target = async () => ({ ...place, path: await findShimProgram(options), containerdAddress: "" });
  return new ShimHandle({ ...connected, ...place, target });
}

/** The container's id is in the real name; that there is no such folder shows when it is read. */
async function realPathOf(bundle: string): Promise<string> {
  try {
    return await Deno.realPath(bundle);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return bundle;
    throw error;
  }
}

/** Which container it is. */
export function placeOf(
  options: Pick<AttachShimOptions, "bundle" | "id" | "namespace" | "stateDir">,
): BundlePlace {
  const { stateDir = STATE_DIR } = options;
  if (options.bundle === undefined) {
    const { id, namespace = "default" } = options;
    if (id === undefined) throw new TypeError("Cannot tell which shim is meant: give bundle, or id");
    requireIdentifier("container id", id);
    requireIdentifier("namespace", namespace);
    return { id, namespace, bundle: bundlePath(stateDir, namespace, id) };
  }
  const bundle = options.bundle.replace(/\/+$/, "");
  const id = options.id ?? bundle.slice(bundle.lastIndexOf("/") + 1);
  const namespace = options.namespace ?? namespaceOf(bundle) ?? "default";
  requireIdentifier("container id", id);
  requireIdentifier("namespace", namespace);
  return { id, namespace, bundle };
}

async function connect(
  bootstrap: ShimEndpoint,
  place: BundlePlace,
  signal: AbortSignal | undefined,
): Promise<ConnectedShim> {
  try {
    return await connectShim(bootstrap, place, signal);
  } catch (error) {
    const { rawMessage, code } = TtrpcError.from(error);
    if (code === Code.Canceled) throw error;
    const log = await logTail(place.bundle);
    throw cannotAttach(
      place,
      log === "" ? rawMessage : `${rawMessage}; its log ends with: ${log}`,
      code,
      error,
    );
  }
}

function cannotAttach({ bundle }: BundlePlace, why: string, code: Code, cause?: unknown): TtrpcError {
  return new TtrpcError(`Cannot attach to the shim of ${bundle}: ${why}`, code, {
    cause,
    requestSent: false,
  });
}
