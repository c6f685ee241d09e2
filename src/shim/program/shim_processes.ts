import type { BundlePlace } from "./bundle_places.ts";
import { lookAt, processNumbers } from "./proc.ts";

/** A running shim. */
export interface ShimProcess extends BundlePlace {
  pid: number;
}

/**
 * Finds running shims by their command lines: `containerd-shim-… -namespace NS -id ID …`, run in the bundle.
 *
 * Processes that this one may not look at are left out.
 */
export async function findShimProcesses(): Promise<ShimProcess[]> {
  const places: ShimProcess[] = [];
  for (const pid of await processNumbers()) {
    const place = await lookAt(() => placeOfProcess(pid));
    if (place !== undefined) places.push(place);
  }
  return places;
}

async function placeOfProcess(pid: number): Promise<ShimProcess | undefined> {
  const [program = "", ...args] = (await Deno.readTextFile(`/proc/${pid}/cmdline`)).slice(0, -1).split("\0");
  if (!/(^|\/)containerd-shim-[^/]+$/.test(program)) return undefined;
  // One with an action only starts a shim, or clears away after one.
  if (["start", "delete"].includes(args.at(-1) ?? "")) return undefined;
  const [id, namespace] = [flagOf(args, "-id"), flagOf(args, "-namespace")];
  if (id === undefined || namespace === undefined) return undefined;
  return { pid, id, namespace, bundle: await Deno.readLink(`/proc/${pid}/cwd`) };
}

function flagOf(args: string[], flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at === -1 ? undefined : args[at + 1];
}
