/** How many ticks of `/proc/PID/stat` are a second: a constant of Linux. */
const TICKS_PER_SECOND = 100;

/** CPU time that a process has used so far, all its threads together, in microseconds (10 000 at a time). */
export function cpuMicros(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  // The name of the program, in brackets, may have spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * (1e6 / TICKS_PER_SECOND);
}

/** Memory that the system counts for a process, in KiB. */
export function rssKib(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}
