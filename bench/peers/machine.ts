/** What was measured on. */
export interface Machine {
  cpu: string;
  cores: number;
  memoryGib: number;
  kernel: string;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  return {
    cpu: /^model name\s*: (.+)$/m.exec(Deno.readTextFileSync("/proc/cpuinfo"))?.[1] ?? Deno.build.arch,
    cores: navigator.hardwareConcurrency,
    memoryGib: Math.round(Deno.systemMemoryInfo().total / 2 ** 30),
    kernel: `Linux ${/^[\d.]+/.exec(Deno.osRelease())?.[0] ?? ""}`,
  };
}
