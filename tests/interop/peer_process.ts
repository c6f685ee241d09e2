import { type ProgramEnd, ProgramProcess } from "../program_process.ts";
import { type TemporarySocket, temporarySocket } from "./temporary_socket.ts";

/** A process of a peer's server. It ends with its stdin, so at the latest with this process. */
export class PeerProcess implements AsyncDisposable {
  readonly #program: ProgramProcess;
  readonly #socket: TemporarySocket;

  private constructor(program: ProgramProcess, socket: TemporarySocket) {
    this.#program = program;
    this.#socket = socket;
  }

  /** Starts a server of its own for a test, and waits until it listens. */
  static async start(program: string, flags: readonly string[]): Promise<PeerProcess> {
    const socket = await temporarySocket();
    return new PeerProcess(await ProgramProcess.start([program, ...flags, socket.path]), socket);
  }

  /** Where it listens. */
  get address(): string {
    return this.#socket.path;
  }

  /** The number that the system gives it. */
  get pid(): number {
    return this.#program.pid;
  }

  /** Ends the process, whatever it is doing. */
  stop(): Promise<ProgramEnd> {
    return this.#program.end();
  }

  /**
   * Ends the process; one that has died before fails the test, unless {@linkcode PeerProcess.stop} was asked.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
    await this.#socket[Symbol.asyncDispose]();
  }
}
