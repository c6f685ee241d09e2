import { denoCommand } from "../deno_command.ts";
import { type TemporarySocket, temporarySocket } from "../interop/temporary_socket.ts";
import { ProgramProcess } from "../program_process.ts";
import { OWN } from "./abilities.ts";
import type { Memory } from "./memory.ts";
import type { ServerReport } from "./serving_program.ts";
import type { Gauges, SoakServer } from "./soak_server.ts";

const PROGRAM = new URL("server_program.ts", import.meta.url);
const FLAGS = ["--allow-net", "--allow-read", "--allow-write", "--v8-flags=--expose-gc"];

/** This module's own server, in a process of its own. */
export class OwnServer implements SoakServer {
  readonly name = "own";
  readonly abilities = OWN;
  readonly #socket: TemporarySocket;
  readonly #program: ProgramProcess;
  /** Commands are carried out one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(socket: TemporarySocket, program: ProgramProcess) {
    this.#socket = socket;
    this.#program = program;
  }

  /** Starts the process, and waits until it listens. */
  static async start(): Promise<OwnServer> {
    const socket = await temporarySocket();
    const args = [plainPath(socket), interceptedPath(socket)];
    return new OwnServer(socket, await ProgramProcess.start(denoCommand(PROGRAM, { flags: FLAGS, args })));
  }

  address(isIntercepted: boolean): string {
    return isIntercepted ? interceptedPath(this.#socket) : plainPath(this.#socket);
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
    await this.#program[Symbol.asyncDispose]();
    await this.#socket[Symbol.asyncDispose]();
  }

  #command(command: string): Promise<ServerReport> {
    const report = this.#last.then(async () => {
      await this.#program.tell(command);
      return JSON.parse(await this.#program.nextLine());
    });
    this.#last = report.catch(() => {});
    return report;
  }
}

function plainPath({ path }: TemporarySocket): string {
  return `${path}p`;
}

function interceptedPath({ path }: TemporarySocket): string {
  return `${path}i`;
}
