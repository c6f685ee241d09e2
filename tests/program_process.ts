import { linesOf } from "./lines.ts";
import { mustSettle } from "./waiting.ts";

/** How a program has ended. */
export interface ProgramEnd {
  /** Its exit code. */
  code: number;
  /** The lines that it has printed and nobody has asked for. */
  lines: string[];
  /** What it wrote to stderr. */
  log: string;
}

/**
 * A program in a process of its own, with which a test talks in lines. It ends with its stdin, so at the
 * latest with this process.
 */
export class ProgramProcess implements AsyncDisposable {
  readonly #command: string;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #log: Promise<string>;
  #end: Promise<ProgramEnd> | undefined;
  /** What it prints. */
  readonly lines: AsyncGenerator<string>;

  /** Starts it. */
  constructor([command = "", ...args]: readonly string[]) {
    this.#command = [command, ...args].join(" ");
    this.#process = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "piped" })
      .spawn();
    this.#input = this.#process.stdin.getWriter();
    this.lines = linesOf(this.#process.stdout);
    this.#log = new Response(this.#process.stderr).text();
  }

  /** Starts a program that prints a line once it is ready, and waits for that. */
  static async start(command: readonly string[]): Promise<ProgramProcess> {
    const program = new ProgramProcess(command);
    await mustSettle(() => `starting ${program.#command}`, program.nextLine());
    return program;
  }

  /** The number that the system gives it. */
  get pid(): number {
    return this.#process.pid;
  }

  /**
   * The next line that it prints.
   *
   * @throws {Error} If it ends without one, as a rejection.
   */
  async nextLine(): Promise<string> {
    const { done, value } = await this.lines.next();
    if (!done) return value;
    const { code, log } = await this.end();
    throw new Error(`${this.#command} ended too early, with exit code ${code}: ${log}`);
  }

  /** Tells it a line. */
  async tell(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Ends its stdin, and waits until it has ended. */
  end(): Promise<ProgramEnd> {
    return this.#end ??= this.#finish();
  }

  /** Ends it by force, if it has not ended. */
  kill(): Promise<ProgramEnd> {
    try {
      this.#process.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    return this.end();
  }

  /** Ends it; one that ends badly fails the test, unless somebody else has asked for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#end !== undefined) return;
    const { code, log } = await this.end();
    if (code !== 0) throw new Error(`${this.#command} ended with exit code ${code}: ${log}`);
  }

  async #finish(): Promise<ProgramEnd> {
    await this.#input.close().catch(() => {
      // It was faster, and takes nothing more.
    });
    const [{ code }, lines, log] = await Promise.all([
      this.#process.status,
      Array.fromAsync(this.lines),
      this.#log,
    ]);
    return { code, lines, log };
  }
}
