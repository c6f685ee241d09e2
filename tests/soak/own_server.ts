import { type TemporarySocket, temporarySocket } from "../interop/temporary_socket.ts";
import { OWN } from "./abilities.ts";
import { linesOf } from "./lines.ts";
import type { Memory } from "./memory.ts";
import type { ServerReport } from "./serving_program.ts";
import type { Gauges, SoakServer } from "./soak_server.ts";

/** This module's own server, in a process of its own. */
export class OwnServer implements SoakServer {
  readonly name = "own";
  readonly abilities = OWN;
  readonly #socket: TemporarySocket;
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #lines: AsyncGenerator<string>;
  /** Commands are carried out one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(socket: TemporarySocket) {
    this.#socket = socket;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--allow-net",
        "--allow-read",
        "--allow-write",
        "--v8-flags=--expose-gc",
        `--config=${new URL("../../deno.json", import.meta.url).pathname}`,
        new URL("server_program.ts", import.meta.url).href,
        this.address(false),
        this.address(true),
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#stdin = this.#process.stdin.getWriter();
    this.#lines = linesOf(this.#process.stdout);
  }

  /** Starts the process, and waits until it listens. */
  static async start(): Promise<OwnServer> {
    const server = new OwnServer(await temporarySocket());
    await server.#nextLine();
    return server;
  }

  address(isIntercepted: boolean): string {
    return `${this.#socket.path}${isIntercepted ? "i" : "p"}`;
  }

  async restart(): Promise<void> {
    await this.#command("restart");
  }

  async cut(): Promise<void> {
    await this.#command("cut");
  }

  async memory(): Promise<Memory> {
    return (await this.#command("report")).memory;
  }

  async started(): Promise<number> {
    return (await this.#command("report")).started;
  }

  async gauges(): Promise<Gauges> {
    const { stats, active } = await this.#command("settle");
    const { connections, openCalls, runningHandlers, queuedBytes } = stats;
    return { connections, openCalls, runningHandlers, queuedBytes, active };
  }

  async idleGauges(): Promise<Gauges> {
    let gauges = await this.gauges();
    for (let left = 10_000; left > 0 && gauges.connections !== 0; left--) gauges = await this.gauges();
    return gauges;
  }

  async told(): Promise<string[]> {
    return (await this.#command("report")).told;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stdin.close();
    const { code } = await this.#process.status;
    await this.#lines.return(undefined);
    await this.#socket[Symbol.asyncDispose]();
    if (code !== 0) throw new Error(`The server ended with exit code ${code}`);
  }

  #command(command: string): Promise<ServerReport> {
    const report = this.#last.then(async () => {
      await this.#stdin.write(new TextEncoder().encode(`${command}\n`));
      return JSON.parse(await this.#nextLine());
    });
    this.#last = report.catch(() => {});
    return report;
  }

  async #nextLine(): Promise<string> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error("The server has died");
    return value;
  }
}
