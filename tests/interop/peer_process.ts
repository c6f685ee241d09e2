import { type TemporarySocket, temporarySocket } from "./temporary_socket.ts";

/** How a peer's server ended, and what it wrote to stderr. */
export interface PeerExit {
  code: number;
  log: string;
}

/** A process of a peer's server. It ends with its stdin, so at the latest with this process. */
export class PeerProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #log: Promise<string>;
  readonly #socket: TemporarySocket;
  #exit: Promise<PeerExit> | undefined;

  private constructor(program: string, flags: readonly string[], socket: TemporarySocket) {
    this.#socket = socket;
    this.#process = new Deno.Command(program, {
      args: [...flags, socket.path],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#log = new Response(this.#process.stderr).text();
  }

  /** Starts a server of its own for a test, and waits until it listens. */
  static async start(program: string, flags: readonly string[]): Promise<PeerProcess> {
    const server = new PeerProcess(program, flags, await temporarySocket());
    const stdout = server.#process.stdout.getReader();
    const { done } = await stdout.read();
    await stdout.cancel();
    if (!done) return server;
    const { code, log } = await server.stop();
    throw new Error(`Cannot start ${program}: exit code ${code}, ${log}`);
  }

  /** Where it listens. */
  get address(): string {
    return this.#socket.path;
  }

  /** The number that the system gives it. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Ends the process, whatever it is doing. */
  stop(): Promise<PeerExit> {
    return this.#exit ??= this.#stop();
  }

  /**
   * Ends the process; one that has died before fails the test, unless {@linkcode PeerProcess.stop} was asked.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#exit !== undefined) return;
    const { code, log } = await this.stop();
    if (code !== 0) throw new Error(`A peer's server ended with exit code ${code}: ${log}`);
  }

  async #stop(): Promise<PeerExit> {
    await this.#process.stdin.close();
    const [{ code }, log] = await Promise.all([this.#process.status, this.#log]);
    await this.#socket[Symbol.asyncDispose]();
    return { code, log };
  }
}
