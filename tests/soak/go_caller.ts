import { go } from "../interop/go_peers.ts";
import { ProgramProcess } from "../program_process.ts";
import type { Caller } from "./caller.ts";
import { type Memory, memoryOf } from "./memory.ts";
import type { SoakOptions } from "./options.ts";
import type { Gauges, SoakServer } from "./soak_server.ts";
import { newTally, type Tally } from "./tally.ts";

/** A line of the program: what happened so far, or a question, which waits for its answer. */
type GoLine = { ask: "restart" | "end" } | { tally: Tally };

/** Calls that Go's client makes, in a process of its own. */
export class GoCaller implements Caller {
  readonly tally: Tally = newTally();
  readonly #server: SoakServer;
  readonly #program: ProgramProcess;

  private constructor(program: ProgramProcess, server: SoakServer) {
    this.#program = program;
    this.#server = server;
  }

  /** Starts the program; it begins to make calls at once. */
  static async start({ calls, minutes, workers, seed }: SoakOptions, server: SoakServer): Promise<GoCaller> {
    const limits = [`-minutes=${minutes}`, ...(calls === Infinity ? [] : [`-calls=${calls}`])];
    const args = [server.address(false), "soak", ...limits, `-workers=${workers}`, `-seed=${seed}`];
    return new GoCaller(new ProgramProcess([await go.program("client"), ...args]), server);
  }

  async run(): Promise<void> {
    for (;;) {
      const line: GoLine = JSON.parse(await this.#program.nextLine());
      if ("tally" in line) Object.assign(this.tally, line.tally);
      else if (line.ask === "end") return;
      else await this.#restart();
    }
  }

  memory(): Promise<Memory> {
    return memoryOf(this.#program.pid);
  }

  gauges(): Gauges {
    return {};
  }

  openCalls(): string {
    return "calls of Go's client";
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]();
  }

  async #restart(): Promise<void> {
    await this.#server.restart();
    await this.#program.tell("done");
  }
}
