import { isInstalled } from "../../run_to_end.ts";
import { isThere } from "./files.ts";
import { BUSYBOX } from "./rootfs.ts";

/** Why no test with a shim can run on this machine; undefined if they can. */
export async function findObstacle(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return "they need Linux";
  if (Deno.uid() !== 0) return "they need root";
  if (!await isInstalled("runc", "--version")) return "there is no `runc` in PATH";
  if (!isThere(BUSYBOX) || await hasLibraries(BUSYBOX)) return `there is no static \`${BUSYBOX}\``;
  return undefined;
}

/** Whether a program cannot run where its libraries are not. */
async function hasLibraries(program: string): Promise<boolean> {
  const { success } = await new Deno.Command("ldd", { args: [program], stdout: "null", stderr: "null" })
    .output();
  return success;
}
