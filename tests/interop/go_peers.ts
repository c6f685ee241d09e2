import { fileURLToPath } from "node:url";

const MODULE = fileURLToPath(new URL("go", import.meta.url));
const isCi = Boolean(Deno.env.get("CI"));
const isGoMissing = !(await hasGo());

if (isGoMissing && !isCi) console.log("Tests with Go are ignored: there is no `go` in PATH");

/** A test that needs Go: ignored where Go is not installed, unless the environment has `CI`. */
export function testWithGo(name: string, run: () => Promise<void>): void {
  Deno.test({ name, ignore: isGoMissing && !isCi, fn: run });
}

/** A path for a socket, in a folder that goes with it. */
export interface TemporarySocket extends AsyncDisposable {
  readonly path: string;
}

/** Makes a folder for a socket; disposing of it removes the folder. */
export async function temporarySocket(): Promise<TemporarySocket> {
  const folder = await Deno.makeTempDir({ prefix: "ttrpc-" });
  return {
    path: `${folder}/s`,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** How a Go program ended, and what it wrote to stderr. */
export interface GoExit {
  code: number;
  log: string;
}

/** A process of the Go server. It ends with its stdin, so at the latest with this process. */
export class GoServer implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #log: Promise<string>;
  readonly #socket: TemporarySocket;
  #exit: Promise<GoExit> | undefined;

  private constructor(program: string, socket: TemporarySocket) {
    this.#socket = socket;
    this.#process = new Deno.Command(program, {
      args: [socket.path],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#log = new Response(this.#process.stderr).text();
  }

  /** Starts a server of its own for a test, and waits until it listens. */
  static async start(): Promise<GoServer> {
    const program = await goProgram("server");
    const server = new GoServer(program, await temporarySocket());
    const stdout = server.#process.stdout.getReader();
    const { done } = await stdout.read();
    await stdout.cancel();
    if (!done) return server;
    const { code, log } = await server.stop();
    throw new Error(`Cannot start the Go server: exit code ${code}, ${log}`);
  }

  /** Where it listens. */
  get address(): string {
    return this.#socket.path;
  }

  /** Ends the process, whatever it is doing. */
  stop(): Promise<GoExit> {
    return this.#exit ??= this.#stop();
  }

  /**
   * Ends the process; one that has died before fails the test, unless {@linkcode GoServer.stop} was asked.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#exit !== undefined) return;
    const { code, log } = await this.stop();
    if (code !== 0) throw new Error(`The Go server ended with exit code ${code}: ${log}`);
  }

  async #stop(): Promise<GoExit> {
    await this.#process.stdin.close();
    const [{ code }, log] = await Promise.all([this.#process.status, this.#log]);
    await this.#socket[Symbol.asyncDispose]();
    return { code, log };
  }
}

/**
 * Runs the Go client to its end.
 *
 * @returns Its lines: for each scenario a verdict in JSON.
 */
export async function runGoClient(...args: string[]): Promise<string[]> {
  return (await run(await goProgram("client"), args)).trimEnd().split("\n");
}

/** The line with which the Go client says that a scenario went as it should. */
export function passed(scenario: string): string {
  return JSON.stringify({ scenario, ok: true });
}

let built: Promise<string> | undefined;

/** A program of the Go module, which is built at the first one that is asked for. */
async function goProgram(name: "server" | "client"): Promise<string> {
  return `${await (built ??= build())}/${name}`;
}

/** Builds into a folder of this module's own; with Go's cache this takes half a second. */
async function build(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "ttrpc-go-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  await run("go", ["build", "-buildvcs=false", "-o", folder, "./cmd/server", "./cmd/client"], MODULE);
  return folder;
}

async function hasGo(): Promise<boolean> {
  try {
    await run("go", ["version"]);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function run(program: string, args: string[], cwd?: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, cwd, stdin: "null" }).output();
  if (code === 0) return new TextDecoder().decode(stdout);
  throw new Error(`${program} ${args.join(" ")} failed: ${new TextDecoder().decode(stderr)}`);
}
