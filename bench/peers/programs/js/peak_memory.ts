/** The most memory that this process has had so far, in KiB. */
export function peakKib(): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1]);
}
