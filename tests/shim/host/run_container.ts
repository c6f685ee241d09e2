import type { Bundle } from "./bundle.ts";

/**
 * Has runc start a bundle's container without a shim; it ends with its bundle.
 *
 * @param flags More of runc's own, such as where it keeps what it knows of containers.
 * @returns The number of its first process.
 */
export async function runContainer({ id, path }: Bundle, flags: readonly string[] = []): Promise<number> {
  const pidFile = `${path}/runc.pid`;
  const args = [...flags, "run", "--detach", "--pid-file", pidFile, "--bundle", path, id];
  // The container keeps what it is given here: a pipe would stay open for as long as it lives.
  const command = new Deno.Command("runc", { args, stdin: "null", stdout: "null", stderr: "null" });
  const { code } = await command.output();
  if (code !== 0) throw new Error(`runc cannot run ${path}: exit code ${code}`);
  return Number(await Deno.readTextFile(pidFile));
}
