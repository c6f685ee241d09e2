import type { ConnectionStats } from "../../src/connection/connection_stats.ts";

const PROGRAM = new URL("serving_program.ts", import.meta.url).href;
const DENO_JSON = new URL("../../deno.json", import.meta.url).pathname;

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

/** A process that serves a greeter, for a minute at most. */
export class ServingProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string, void>;

  private constructor({ address, authorizes = false, maxDescriptors }: ServingOptions) {
    const limit = maxDescriptors === undefined ? "" : `ulimit -n ${maxDescriptors}; `;
    const program = ["run", "-A", "--quiet", `--config=${DENO_JSON}`, PROGRAM, address];
    this.#process = new Deno.Command("sh", {
      args: [
        "-c",
        `${limit}exec "$0" "$@"`,
        Deno.execPath(),
        ...program,
        ...(authorizes ? ["authorize"] : []),
      ],
      stdin: "piped",
      stdout: "piped",
      signal: AbortSignal.timeout(60_000),
    }).spawn();
    this.#lines = linesOf(this.#process.stdout);
  }

  /** Starts a process, and waits until it listens. */
  static async start(options: ServingOptions): Promise<ServingProcess> {
    const process = new ServingProcess(options);
    if (await process.nextLine() === "listening") return process;
    await process[Symbol.asyncDispose]();
    throw new Error("Cannot start a server");
  }

  /** The next error that it was told of; undefined when it has ended. */
  async nextLine(): Promise<string | undefined> {
    return (await this.#lines.next()).value ?? undefined;
  }

  /** Has it end, and gives what it tells then. */
  async stop(): Promise<{ errors: string[]; report: ServingReport }> {
    await this.#process.stdin.close();
    const errors = await Array.fromAsync(this.#lines);
    return { errors, report: { ...JSON.parse(errors.pop() ?? ""), callsByCode: new Map() } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#process.stdin.locked) await this.#process.stdin.close().catch(() => {});
    await this.#lines.return();
    await this.#process.status;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + new TextDecoder().decode(bytes)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
