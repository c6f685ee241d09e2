import type { ConnectionStats } from "../../src/connection/connection_stats.ts";
import { denoCommand } from "../deno_command.ts";
import { ProgramProcess } from "../program_process.ts";
import { mustSettle } from "../waiting.ts";

const PROGRAM = new URL("serving_program.ts", import.meta.url);

/** How a {@linkcode ServingProcess} serves. */
export interface ServingOptions {
  /** Where; if the system knows who connects there, with `authorize`. */
  address: string;
  /** Whether with `authorize`, for clients of its own user. */
  authorizes?: boolean;
  /** How many descriptors it may have open. */
  maxDescriptors?: number;
}

/** What a {@linkcode ServingProcess} tells at its end. */
export interface ServingReport extends ConnectionStats {
  /** How many more sockets are open than before it served. */
  sockets: number;
  /** How many calls had success. */
  answered: number;
}

/** A process that serves a greeter. */
export class ServingProcess implements AsyncDisposable {
  readonly #program: ProgramProcess;

  private constructor(program: ProgramProcess) {
    this.#program = program;
  }

  /** Starts a process, and waits until it listens. */
  static async start(
    { address, authorizes = false, maxDescriptors }: ServingOptions,
  ): Promise<ServingProcess> {
    const command = denoCommand(PROGRAM, { args: authorizes ? [address, "authorize"] : [address] });
    const limited = ["sh", "-c", `ulimit -n ${maxDescriptors}; exec "$0" "$@"`, ...command];
    return new ServingProcess(await ProgramProcess.start(maxDescriptors === undefined ? command : limited));
  }

  /** The next error that it was told of. */
  nextError(): Promise<string> {
    return mustSettle("an error of the server", this.#program.nextLine());
  }

  /** Has it end, and gives what it tells then. */
  async stop(): Promise<{ errors: string[]; report: ServingReport }> {
    const { lines: errors } = await mustSettle("the end of the server", this.#program.end());
    return { errors, report: { ...JSON.parse(errors.pop() ?? ""), callsByCode: new Map() } };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#program[Symbol.asyncDispose]();
  }
}
