// A bundle for a shim: a folder with a file system and a description of what to run in it.
import type { oci } from "@ttrpc/ttrpc/shim";

/** A bundle in a temporary folder, which is removed when it is disposed of. */
export interface BusyboxBundle extends AsyncDisposable {
  /** The container's id; the folder is named after it. */
  id: string;
  path: string;
}

/** Makes a bundle of Debian's static busybox, which has a shell and the usual commands. */
export async function makeBusyboxBundle(args: string[]): Promise<BusyboxBundle> {
  const folder = await Deno.makeTempDir({ prefix: "busybox-" });
  const id = folder.slice(folder.lastIndexOf("/") + 1);
  const path = `${folder}/${id}`;
  for (const name of ["bin", "dev", "proc", "tmp"]) {
    await Deno.mkdir(`${path}/rootfs/${name}`, { recursive: true });
  }
  await Deno.copyFile("/bin/busybox", `${path}/rootfs/bin/busybox`);
  await run("chroot", `${path}/rootfs`, "/bin/busybox", "--install", "-s", "/bin");
  await Deno.writeTextFile(`${path}/config.json`, JSON.stringify(specOf(args), null, 2));
  return { id, path, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

function specOf(args: string[]): oci.Spec {
  return {
    ociVersion: "1.0.2",
    process: { args, cwd: "/", env: ["PATH=/bin", "HOME=/"], user: { uid: 0, gid: 0 } },
    root: { path: "rootfs" },
    hostname: "busybox",
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs" },
    ],
    linux: { namespaces: [{ type: "pid" }, { type: "mount" }, { type: "uts" }, { type: "ipc" }] },
  };
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  if (!success) throw new Error(`${program} failed: ${new TextDecoder().decode(stderr)}`);
}
