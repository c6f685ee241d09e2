/** What this process has open: paths, and kinds where there is no path, each as often as it is open. */
export function openDescriptors(): string[] {
  return Array.from(Deno.readDirSync("/proc/self/fd")).flatMap(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/self/fd/${name}`).replace(/:\[\d+\]$/, "");
    } catch (error) {
      // The one through which the folder was read.
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  });
}
