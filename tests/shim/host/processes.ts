import { isMarked } from "./marks.ts";

/** A process of this machine. */
export interface Process {
  /** The number that the system gives it. */
  readonly pid: number;
  /** Its program and arguments. */
  readonly command: string;
}

/** The processes with a mark in their arguments, environment, working directory or cgroups, without this one. */
export function findProcesses(words: readonly string[]): Process[] {
  return Array.from(Deno.readDirSync("/proc"))
    .map(({ name }) => Number(name))
    .filter((pid) => pid > 0 && pid !== Deno.pid && isMarked(describe(pid), words) && isAlive(pid))
    .map((pid) => ({ pid, command: commandOf(pid) }));
}

function describe(pid: number): string {
  return [commandOf(pid), read(pid, "environ"), read(pid, "cgroup"), folderOf(pid)].join("\n");
}

/** While one program becomes another, nothing is there to be read. */
function commandOf(pid: number): string {
  return read(pid, "cmdline").replaceAll("\0", " ").trimEnd();
}

/** Whether it has not ended; if it has, its parent may not have asked how. */
function isAlive(pid: number): boolean {
  const [, state = "X"] = /.*\) (.)/.exec(read(pid, "stat")) ?? [];
  return !["X", "Z"].includes(state);
}

function read(pid: number, file: string): string {
  return unlessGone(() => Deno.readTextFileSync(`/proc/${pid}/${file}`));
}

function folderOf(pid: number): string {
  return unlessGone(() => Deno.readLinkSync(`/proc/${pid}/cwd`));
}

/** A process may end while it is looked at, and its files with it. */
function unlessGone(look: () => string): string {
  try {
    return look();
  } catch {
    return "";
  }
}
