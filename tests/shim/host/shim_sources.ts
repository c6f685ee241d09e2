import { isInstalled, runToEnd } from "../../run_to_end.ts";
import { buildShim, isBuilt } from "./build_shim.ts";
import { isThere } from "./files.ts";
import { findObstacle } from "./requirements.ts";
import { type Shim, taskVersionOf } from "./shim.ts";

/** Debian's. */
const INSTALLED = "/usr/bin/containerd-shim-runc-v2";
/** With Debian's 1.6 there is one for each way in which a shim says where it listens. */
const BUILT = ["2.2.9", "2.4.2"];

/** A shim that may have to be built first, or that is not to be had here. */
export interface ShimSource {
  /** What tests call it. */
  readonly name: string;
  /** Why it is not to be had. */
  readonly obstacle: string | undefined;
  /** Builds it, if it must be built. */
  readonly get: () => Promise<Shim>;
}

/** All the shims that tests want. */
export async function findShimSources(): Promise<ShimSource[]> {
  const obstacle = await findObstacle();
  const sources = [await findInstalled(), ...await Promise.all(BUILT.map(findBuilt))];
  return sources.map((source) => ({ ...source, obstacle: obstacle ?? source.obstacle }));
}

async function findInstalled(): Promise<ShimSource> {
  const path = () => Promise.resolve(INSTALLED);
  if (!isThere(INSTALLED)) return sourceOf("1.6", path, `there is no \`${INSTALLED}\``);
  const [, version = ""] = /Version: +v?([0-9.]+)/.exec(await runToEnd(INSTALLED, ["-v"])) ?? [];
  return sourceOf(version, path);
}

async function findBuilt(version: string): Promise<ShimSource> {
  const canBeBuilt = isBuilt(version) || await isInstalled("go");
  return sourceOf(version, () => buildShim(version), canBeBuilt ? undefined : "there is no `go` in PATH");
}

function sourceOf(version: string, path: () => Promise<string>, obstacle?: string): ShimSource {
  const name = `containerd ${version}`;
  const taskVersion = taskVersionOf(version);
  return { name, obstacle, get: async () => ({ name, path: await path(), taskVersion }) };
}
