import { mustSettle } from "../waiting.ts";

const PROGRAM = new URL("killed_server.ts", import.meta.url).href;
const DENO_JSON = new URL("../../deno.json", import.meta.url).pathname;

/** A process of `killed_server.ts`. */
export class ServerProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #onServed: (id: number) => void;
  readonly #listening = Promise.withResolvers<void>();
  readonly #printed: Promise<void>;

  private constructor(path: string, onServed: (id: number) => void) {
    this.#onServed = onServed;
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", `--config=${DENO_JSON}`, PROGRAM, path],
      stdout: "piped",
    }).spawn();
    this.#printed = this.#read();
  }

  /**
   * Starts a server, and waits until it listens.
   *
   * @param onServed Told of each call that it serves, also of those right before it was killed.
   */
  static async start(path: string, onServed: (id: number) => void): Promise<ServerProcess> {
    const server = new ServerProcess(path, onServed);
    await mustSettle("starting a server", server.#listening.promise);
    return server;
  }

  /** Kills the process, if that was not done before; resolves once all was told that it has printed. */
  async kill(): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#process.status;
    await this.#printed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#process.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#print(line);
    }
  }

  #print(line: string): void {
    if (line === "listening") this.#listening.resolve();
    else this.#onServed(Number(line));
  }
}
