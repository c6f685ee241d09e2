/** Debian's busybox: static, if its package is `busybox-static`. */
export const BUSYBOX = "/bin/busybox";

/** What there is within a container: names of busybox. */
const APPLETS =
  "cat chmod cp dd echo env false head id kill ls mkdir mkfifo mount mv nc printf ps pwd rm seq sh sleep sort " +
  "stat stty sync tail tee test touch tr true tty umount uname wc yes";

/** Makes the files of a container. */
export async function makeRootfs(folder: string): Promise<void> {
  for (const name of ["bin", "dev", "proc", "sys", "tmp"]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  await Deno.copyFile(BUSYBOX, `${folder}/bin/busybox`);
  for (const applet of APPLETS.split(" ")) await Deno.symlink("busybox", `${folder}/bin/${applet}`);
}
