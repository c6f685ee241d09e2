import type { ShimTarget } from "./shim_command.ts";

/** Which annotations of a bundle tell the group whose containers share a shim; the first that is there counts. */
const GROUP_ANNOTATIONS = ["io.containerd.runc.v2.group", "io.kubernetes.cri.sandbox-id"];

/** How containerd's shims name their sockets: a SHA-256 in hex. */
const NAME = /\/[0-9a-f]{64}$/;

/**
 * Whether an address can be that of the shim that a start would give, or find. Shims that name their sockets
 * otherwise than containerd's do may have any.
 */
export async function mayServe(address: string, target: ShimTarget): Promise<boolean> {
  return !NAME.test(address) || address.endsWith(`/${await socketName(target)}`);
}

/** The name is made of a path: containerd's address, the namespace and the group. */
async function socketName({ containerdAddress, namespace, bundle, id }: ShimTarget): Promise<string> {
  const parts = [containerdAddress, namespace, await groupOf(bundle) ?? id].filter((part) => part !== "");
  const path = parts.join("/").replace(/\/{2,}/g, "/");
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(path));
  return new Uint8Array(hash).toHex();
}

async function groupOf(bundle: string): Promise<string | undefined> {
  try {
    const { annotations = {} } = JSON.parse(await Deno.readTextFile(`${bundle}/config.json`));
    return GROUP_ANNOTATIONS.map((name) => annotations[name]).find((group) => typeof group === "string");
  } catch {
    // What is wrong with it, the shim says.
    return undefined;
  }
}
