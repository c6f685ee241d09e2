import { go } from "../interop/go_peers.ts";
import type { Caller } from "./caller.ts";
import { linesOf } from "./lines.ts";
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
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #lines: AsyncGenerator<string>;
  readonly #log: Promise<string>;
  #isEnded = false;

  private constructor(program: string, args: string[], server: SoakServer) {
    this.#server = server;
    const streams = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    this.#process = new Deno.Command(program, { args, ...streams }).spawn();
    this.#stdin = this.#process.stdin.getWriter();
    this.#lines = linesOf(this.#process.stdout);
    this.#log = new Response(this.#process.stderr).text();
  }

  /** Starts the program; it begins to make calls at once. */
  static async start({ calls, minutes, workers, seed }: SoakOptions, server: SoakServer): Promise<GoCaller> {
    const limits = [`-minutes=${minutes}`, ...(calls === Infinity ? [] : [`-calls=${calls}`])];
    const args = [server.address(false), "soak", ...limits, `-workers=${workers}`, `-seed=${seed}`];
    return new GoCaller(await go.program("client"), args, server);
  }

  async run(): Promise<void> {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done) throw new Error(`Go's client has died: ${await this.#log}`);
      const line: GoLine = JSON.parse(value);
      if ("tally" in line) Object.assign(this.tally, line.tally);
      else if (line.ask === "end") return;
      else await this.#restart();
    }
  }

  memory(): Promise<Memory> {
    return memoryOf(this.#process.pid);
  }

  gauges(): Gauges {
    return {};
  }

  openCalls(): string {
    return "calls of Go's client";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    await this.#stdin.close();
    const { code } = await this.#process.status;
    await this.#lines.return(undefined);
    const log = await this.#log;
    if (code !== 0) throw new Error(`Go's client ended with exit code ${code}: ${log}`);
  }

  async #restart(): Promise<void> {
    await this.#server.restart();
    await this.#stdin.write(new TextEncoder().encode("done\n"));
  }
}
