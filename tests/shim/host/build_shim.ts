import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { runToEnd } from "../../run_to_end.ts";
import { isThere } from "./files.ts";

/** Git ignores it; each version is in a folder of its own. */
const FOLDER = fileURLToPath(new URL("build", import.meta.url));
const PROGRAM = "containerd-shim-runc-v2";
/** What needs C libraries is left out, and so is what tells where it was built. */
const FLAGS = ["-trimpath", "-ldflags=-s -w", "-tags=no_btrfs,no_devmapper,no_zfs,no_aufs"];

/** Where the shim of a version of containerd 2 is; builds it, unless this checkout has it already. */
export async function buildShim(version: string, folder: string = FOLDER): Promise<string> {
  const home = `${folder}/${version}`;
  if (!isThere(home)) {
    await Deno.mkdir(folder, { recursive: true });
    using lock = await Deno.open(`${folder}/lock`, { write: true, create: true });
    await lock.lock(true);
    // Another process may have built it while it had the lock.
    if (!isThere(home)) await build(version, home);
  }
  return `${home}/${PROGRAM}`;
}

/** Whether this checkout has a shim already. */
export function isBuilt(version: string): boolean {
  return isThere(`${FOLDER}/${version}`);
}

/** Go makes a module that needs nothing but the program's. The folder gets its name when all is in it. */
async function build(version: string, home: string): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: dirname(home) });
  try {
    const program = `github.com/containerd/containerd/v2/cmd/${PROGRAM}@v${version}`;
    await runToEnd("go", ["install", ...FLAGS, program], { env: { CGO_ENABLED: "0", GOBIN: folder } });
    await Deno.chmod(folder, 0o755);
    await Deno.rename(folder, home);
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}
