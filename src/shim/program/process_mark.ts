import { lookAt, processNumbers } from "./proc.ts";
import { waitUntil } from "./wait_until.ts";

/** The variable of the environment that bears the mark. */
const VARIABLE = "TTRPC_SHIM_MARK";

/**
 * Marks the processes that come of one `start`: they inherit its environment. So a shim that was running
 * before is told apart from a new one, and nothing but a process of one's own is ever killed.
 *
 * Containers do not inherit it.
 */
export class ProcessMark {
  readonly #entry = `${VARIABLE}=${crypto.randomUUID()}`;

  /** What to add to the environment of `start`. */
  get env(): Record<string, string> {
    return { [VARIABLE]: this.#entry.slice(VARIABLE.length + 1) };
  }

  /** Whether a process is there and bears this mark. */
  async isOn(pid: number): Promise<boolean> {
    const environ = await lookAt(() => Deno.readTextFile(`/proc/${pid}/environ`));
    return environ?.split("\0").includes(this.#entry) ?? false;
  }

  /** Waits for the end of a marked process. Resolves to whether it came in time. */
  async hasEnded(pid: number, timeoutMs: number): Promise<boolean> {
    return await waitUntil(async () => !await this.isOn(pid), timeoutMs);
  }

  /** All processes that bear it. */
  async findAll(): Promise<number[]> {
    const pids: number[] = [];
    for (const pid of await processNumbers()) if (await this.isOn(pid)) pids.push(pid);
    return pids;
  }

  /**
   * Kills a process if it is a marked one, and waits until it is gone.
   *
   * @returns Whether it is gone in time.
   */
  async kill(pid: number, timeoutMs: number): Promise<boolean> {
    if (!await this.isOn(pid)) return true;
    try {
      Deno.kill(pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
    return await this.hasEnded(pid, timeoutMs);
  }
}
