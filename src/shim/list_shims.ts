import { TtrpcError } from "../rpc/ttrpc_error.ts";
import { readBootstrap } from "./program/bundle.ts";
import { type BundlePlace, findBundles, STATE_DIR } from "./program/bundle_places.ts";
import { requireProc } from "./program/proc.ts";
import { findShimProcesses } from "./program/shim_processes.ts";
import type { TaskVersion } from "./task/task_client.ts";

/**
 * Options for {@linkcode listShims}.
 *
 * @example A containerd with folders of its own
 * ```ts
 * import { listShims, type ListShimsOptions } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * const options: ListShimsOptions = { stateDir: await Deno.makeTempDir() };
 * assertEquals(await listShims(options), []);
 * ```
 */
export interface ListShimsOptions {
  /** Where to look for containerd's bundles, and there alone. No default but all of this host. */
  stateDir?: string;
}

/**
 * A container that has, or had, a shim; `bundle` is what {@linkcode attachShim} takes.
 *
 * @example Which shims are at which address
 * ```ts
 * import type { ListedShim } from "@ttrpc/ttrpc/shim";
 * import { assertEquals } from "@std/assert";
 *
 * function groups(shims: ListedShim[]): string[][] {
 *   return Array.from(Map.groupBy(shims, ({ address }) => address).values(), (group) => group.map(({ id }) => id));
 * }
 *
 * const more = { namespace: "k8s.io", bundle: "", taskVersion: 3, problem: undefined } as const;
 * assertEquals(groups([{ id: "pod", address: "a", ...more }, { id: "web", address: "a", ...more }]), [["pod", "web"]]);
 * ```
 */
export interface ListedShim {
  /** The container's id. */
  id: string;
  /** Its namespace. */
  namespace: string;
  /** Absolute path of its bundle. */
  bundle: string;
  /** Where the shim listens, if the bundle tells; whether it still does is not looked at. */
  address: string | undefined;
  /** Which version of the Task service it serves, if the bundle tells. */
  taskVersion: TaskVersion | undefined;
  /** What is wrong with what the bundle tells. */
  problem: string | undefined;
}

/**
 * Finds the shims of this host: by the bundles of containerd, and by the processes of those who were started without
 * it.
 *
 * @returns In the order of namespaces and ids. Containers of a group share an address.
 * @throws {TtrpcError} With code 7 if Deno runs without `-A` and `stateDir` is not given, as a rejection.
 *
 * @example Usage
 * ```ts
 * import { listShims } from "@ttrpc/ttrpc/shim";
 *
 * for (const { namespace, id, problem } of await listShims()) {
 *   console.log(`${namespace}/${id}: ${problem ?? "has a shim"}`);
 * }
 * ```
 */
export async function listShims(options: ListShimsOptions = {}): Promise<ListedShim[]> {
  const { stateDir } = options;
  if (stateDir === undefined) await requireProc();
  const places = await findBundles(stateDir ?? STATE_DIR);
  if (stateDir === undefined) {
    const known = new Set(places.map(({ bundle }) => bundle));
    places.push(...(await findShimProcesses()).filter(({ bundle }) => !known.has(bundle)));
    places.sort((a, b) => a.namespace < b.namespace || a.namespace === b.namespace && a.id < b.id ? -1 : 1);
  }
  return await Promise.all(places.map(list));
}

async function list({ id, namespace, bundle }: BundlePlace): Promise<ListedShim> {
  const listed = { id, namespace, bundle, address: undefined, taskVersion: undefined, problem: undefined };
  try {
    const bootstrap = await readBootstrap(bundle);
    if (bootstrap === undefined) return { ...listed, problem: "there is neither bootstrap.json nor address" };
    return { ...listed, address: bootstrap.address, taskVersion: bootstrap.version };
  } catch (error) {
    return { ...listed, problem: TtrpcError.from(error).rawMessage };
  }
}
