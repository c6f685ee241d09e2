import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { removeBootstrap } from "./bundle.ts";
import type { ShimEndpoint } from "./parse_bootstrap.ts";
import type { ProcessMark } from "./process_mark.ts";
import type { Shim } from "../shim.ts";
import { hasSocketFile, listeningSockets, removeDeadSocket } from "./shim_sockets.ts";

/** How long a shim that was told to end may take before it is asked whether it still lives. */
const GRACE_MS = 2_000;
/** How long that answer, or a killed process, may take. */
const ANSWER_MS = 5_000;

/** The process of a shim that was started here, and what to clear away with it. */
export class StartedProcess {
  readonly #mark: ProcessMark;
  readonly #pid: number;
  readonly #bundle: string;
  readonly #bootstrap: ShimEndpoint;
  readonly #sockets: string[];

  private constructor(
    mark: ProcessMark,
    pid: number,
    bundle: string,
    bootstrap: ShimEndpoint,
    sockets: string[],
  ) {
    this.#mark = mark;
    this.#pid = pid;
    this.#bundle = bundle;
    this.#bootstrap = bootstrap;
    this.#sockets = sockets;
  }

  /** The process of a shim; undefined if it was running before, and is not to be ended. */
  static async find(
    mark: ProcessMark,
    pid: number,
    bundle: string,
    bootstrap: ShimEndpoint,
  ): Promise<StartedProcess | undefined> {
    if (!await mark.isOn(pid)) return undefined;
    return new StartedProcess(mark, pid, bundle, bootstrap, await listeningSockets(pid));
  }

  /**
   * Ends the shim, however it is doing. One that has others' containers is left to them, unless it is stuck.
   *
   * @param isStuck Whether it does not come to an end with what it was asked for.
   */
  async end(shim: Shim, isStuck: boolean): Promise<void> {
    if (await this.#mark.isOn(this.#pid)) {
      const isNeeded = !isStuck && !await this.#hasShutDown(shim) && await answers(shim) &&
        await hasSocketFile(this.#bootstrap.address);
      if (isNeeded) return;
      if (!await this.#mark.kill(this.#pid, ANSWER_MS)) throw doesNotDie(this.#pid);
    }
    await Promise.all(this.#sockets.map((address) => removeDeadSocket(address)));
    await removeBootstrap(this.#bundle, this.#bootstrap);
  }

  /** Kills the shim if it answers nothing at all, or is stuck. */
  async killIfHung(shim: Shim, isStuck: boolean): Promise<void> {
    const hangs = await this.#mark.isOn(this.#pid) && (isStuck || !await answers(shim));
    if (hangs) await this.#mark.kill(this.#pid, ANSWER_MS);
  }

  async #hasShutDown(shim: Shim): Promise<boolean> {
    try {
      await shim.shutdown({ timeoutMs: ANSWER_MS });
    } catch {
      // It may hang, or be no shim any more: whether it has ended tells all that matters.
    }
    return await this.#mark.hasEnded(this.#pid, GRACE_MS);
  }
}

/**
 * Ends what a start that has failed, or was given up, leaves behind.
 *
 * @param bootstrap What the shim has told about itself, if it came to that.
 */
export async function endAllStarted(mark: ProcessMark, bootstrap: ShimEndpoint | undefined): Promise<void> {
  const pids = await mark.findAll();
  const sockets = (await Promise.all(pids.map(listeningSockets))).flat();
  await Promise.all(pids.map((pid) => mark.kill(pid, ANSWER_MS)));
  await Promise.all(sockets.map((address) => removeDeadSocket(address)));
  // It may be that of a shim that was running before.
  if (bootstrap !== undefined) await removeDeadSocket(bootstrap.address, 0);
}

async function answers(shim: Shim): Promise<boolean> {
  try {
    await shim.connect({ timeoutMs: ANSWER_MS });
    return true;
  } catch {
    return false;
  }
}

function doesNotDie(pid: number): TtrpcError {
  return new TtrpcError(
    `Cannot end the shim: process ${pid} was killed, and is still there`,
    Code.Unavailable,
  );
}
