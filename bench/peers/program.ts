import { linesOf } from "../../tests/lines.ts";
import { within } from "./within.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** How much of what a program says on stderr is kept, in characters. */
const MAX_LOG = 2_000;

/** A process that answers each line with one. It ends with its stdin, so at the latest with this process. */
export class Program implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #lines: AsyncIterator<string>;
  readonly #logged: Promise<void>;
  #log = "";

  /** Starts a program with its arguments; on one CPU, the first, if it shall be pinned. */
  constructor(command: readonly string[], isPinned: boolean) {
    const [program = "", ...args] = isPinned ? ["taskset", "-c", "0", ...command] : command;
    this.#process = new Deno.Command(program, { args, stdin: "piped", stdout: "piped", stderr: "piped" })
      .spawn();
    this.#stdin = this.#process.stdin.getWriter();
    this.#lines = linesOf(this.#process.stdout)[Symbol.asyncIterator]();
    this.#logged = this.#keepLog();
  }

  /** The number that the system gives it. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Sends a line, and waits for the answer. */
  async ask(line: string, timeoutMs: number): Promise<string> {
    await this.#stdin.write(encoder.encode(`${line}\n`));
    return await this.answer(timeoutMs);
  }

  /** Waits for the next line. */
  async answer(timeoutMs: number): Promise<string> {
    const { done, value } = await within(timeoutMs, "An answer", this.#lines.next());
    if (!done) return value;
    await this.#logged;
    throw new Error(`The program ended: ${this.#log.trim()}`);
  }

  /** Ends the process: by closing its stdin, and if that is not enough, by killing it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stdin.close().catch(() => {/* It has ended already. */});
    try {
      await within(2_000, "The end of a program", this.#process.status);
    } catch {
      this.#process.kill("SIGKILL");
    }
    await this.#process.status;
    for (let next = await this.#lines.next(); !next.done;) next = await this.#lines.next();
    await this.#logged;
  }

  async #keepLog(): Promise<void> {
    for await (const chunk of this.#process.stderr) {
      this.#log = (this.#log + decoder.decode(chunk)).slice(-MAX_LOG);
    }
  }
}
