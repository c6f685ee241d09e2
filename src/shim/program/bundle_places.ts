/** Where containerd keeps what must not outlive the system. */
export const STATE_DIR = "/run/containerd";

/** The folder below it with the bundles of shims, by namespace and id. */
const TASKS = "io.containerd.runtime.v2.task";

/** A container as the path of its bundle names it. */
export interface BundlePlace {
  id: string;
  namespace: string;
  bundle: string;
}

/** Where containerd has the bundle of a container. */
export function bundlePath(stateDir: string, namespace: string, id: string): string {
  return `${stateDir}/${TASKS}/${namespace}/${id}`;
}

/** All bundles that containerd has. */
export async function findBundles(stateDir: string): Promise<BundlePlace[]> {
  const places: BundlePlace[] = [];
  for (const namespace of await folders(`${stateDir}/${TASKS}`)) {
    for (const id of await folders(`${stateDir}/${TASKS}/${namespace}`)) {
      places.push({ id, namespace, bundle: bundlePath(stateDir, namespace, id) });
    }
  }
  return places;
}

/** The namespace that the path of a bundle tells, if it is one of containerd's. */
export function namespaceOf(bundle: string): string | undefined {
  const [tasks, namespace] = bundle.split("/").slice(-3);
  return tasks === TASKS ? namespace : undefined;
}

/** The names of the folders in a folder, in order; none if it is not there, or of another user. */
async function folders(path: string): Promise<string[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(path));
    return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
  } catch (error) {
    const { NotFound, PermissionDenied } = Deno.errors;
    if (error instanceof NotFound || error instanceof PermissionDenied) return [];
    throw error;
  }
}
