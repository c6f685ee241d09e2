import { denoCommand } from "../deno_command.ts";
import { ProgramProcess } from "../program_process.ts";

const PROGRAM = new URL("killed_server.ts", import.meta.url);

/** A process of `killed_server.ts`. */
export class ServerProcess implements AsyncDisposable {
  readonly #program: ProgramProcess;
  readonly #onServed: (id: number) => void;
  readonly #told: Promise<void>;

  private constructor(program: ProgramProcess, onServed: (id: number) => void) {
    this.#program = program;
    this.#onServed = onServed;
    this.#told = this.#tell(program.lines);
  }

  /**
   * Starts a server, and waits until it listens.
   *
   * @param onServed Told of each call that it serves, also of those right before it was killed.
   */
  static async start(path: string, onServed: (id: number) => void): Promise<ServerProcess> {
    return new ServerProcess(await ProgramProcess.start(denoCommand(PROGRAM, { args: [path] })), onServed);
  }

  /** Kills the process, if that was not done before; resolves once all was told that it has printed. */
  async kill(): Promise<void> {
    const { lines } = await this.#program.kill();
    await this.#told;
    await this.#tell(lines);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  async #tell(lines: AsyncIterable<string> | string[]): Promise<void> {
    for await (const line of lines) this.#onServed(Number(line));
  }
}
