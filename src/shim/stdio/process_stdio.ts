import { Code } from "../../rpc/code.ts";
import { TtrpcError } from "../../rpc/ttrpc_error.ts";
import { removeIfThere } from "../remove_if_there.ts";
import { FifoCopy } from "./fifo_copy.ts";
import { isUri, needsFifo, type Stdio, type StdioPlan, type StreamName } from "./stdio.ts";

/** How a request names the streams. */
export interface StdioFields {
  stdin: string;
  stdout: string;
  stderr: string;
  terminal: boolean;
}

const OUTPUTS = ["stdout", "stderr"] as const;
const STREAMS = ["stdin", ...OUTPUTS] as const;

/** What a shim writes to so that nobody reads it; no name at all is for all three streams or for none. */
const NOWHERE = "/dev/null";

/** The standard streams of one process: fifos, the programs that copy them, and the Web Streams on top. */
export class ProcessStdio {
  /** What the request to the shim says. */
  readonly fields: StdioFields;
  readonly #plan: StdioPlan;
  readonly #folder: string | undefined;
  readonly #copies: Partial<Record<StreamName, FifoCopy>> = {};

  private constructor(plan: StdioPlan, fields: StdioFields, folder: string | undefined) {
    this.#plan = plan;
    this.fields = fields;
    this.#folder = folder;
  }

  /**
   * Makes all that a process needs, its readers first: a shim waits until its output can go somewhere.
   *
   * @throws {TypeError} If a file, or the folder of one to be made, is not there, as a rejection.
   * @throws {TtrpcError} With code 14 if fifos can't be made, as a rejection.
   */
  static async open(plan: StdioPlan): Promise<ProcessStdio> {
    const fields = { ...await namesOf(plan), terminal: plan.terminal };
    const needing = STREAMS.filter((name) => needsFifo(plan[name]));
    if (needing.length === 0) return new ProcessStdio(plan, fields, undefined);
    const folder = await Deno.makeTempDir({ prefix: "ttrpc-stdio-" });
    for (const name of needing) fields[name] = `${folder}/${name}`;
    const stdio = new ProcessStdio(plan, fields, folder);
    try {
      await makeFifos(needing.map((name) => fields[name]));
      stdio.#copy();
    } catch (error) {
      await stdio.release();
      throw error;
    }
    return stdio;
  }

  /** To write what the process reads; closing it ends the input. Undefined unless piped. */
  get stdin(): WritableStream<Uint8Array<ArrayBuffer>> | undefined {
    return this.#copies.stdin?.input;
  }

  /** What the process writes. Undefined unless piped. */
  get stdout(): ReadableStream<Uint8Array<ArrayBuffer>> | undefined {
    return this.#copies.stdout?.output;
  }

  /** What the process writes about errors. Undefined unless piped. */
  get stderr(): ReadableStream<Uint8Array<ArrayBuffer>> | undefined {
    return this.#copies.stderr?.output;
  }

  /** Resolves once all input has been given; undefined if none of it goes through this process. */
  get inputEnded(): Promise<void> | undefined {
    return this.#copies.stdin?.ended;
  }

  /**
   * Ends the input, removes the fifos, and waits until inherited output is written. Piped output can be read on to
   * its end.
   */
  async finish(): Promise<void> {
    await this.endInput();
    await this.#removeFolder();
    const inherited = OUTPUTS.filter((name) => this.#plan[name] === "inherit");
    await Promise.all(inherited.map((name) => this.#copies[name]?.ended));
  }

  /** Ends the input: whoever writes more of it fails. */
  async endInput(): Promise<void> {
    await this.#copies.stdin?.stop();
  }

  /** Lets nobody have the rest of the output, which the shim may be waiting to get rid of. */
  discardOutput(): void {
    for (const name of OUTPUTS) this.#copies[name]?.discard();
  }

  /** Ends all copying and removes the fifos. */
  async release(): Promise<void> {
    try {
      // A shim that comes late finds no fifo, instead of one that nobody reads any more, which it would wait at.
      await this.#removeFolder();
    } catch {
      // A program that comes late makes a file in place of its fifo.
    }
    await Promise.all(Object.values(this.#copies).map((copy) => copy.stop()));
    await this.#removeFolder();
  }

  #copy(): void {
    const { stdin, stdout, stderr } = this.#plan;
    if (needsFifo(stdin)) this.#copies.stdin = FifoCopy.toFifo(this.fields.stdin, stdin);
    if (needsFifo(stdout)) this.#copies.stdout = FifoCopy.fromFifo(this.fields.stdout, stdout, "stdout");
    if (needsFifo(stderr)) this.#copies.stderr = FifoCopy.fromFifo(this.fields.stderr, stderr, "stderr");
  }

  async #removeFolder(): Promise<void> {
    if (this.#folder !== undefined) await removeIfThere(this.#folder);
  }
}

/** The names of the streams; those of fifos are still to come. */
async function namesOf(plan: StdioPlan): Promise<Record<StreamName, string>> {
  const leadsNowhere = STREAMS.every((name) => plan[name] === "null");
  // A terminal must be copied somewhere.
  if (leadsNowhere && !plan.terminal) return { stdin: "", stdout: "", stderr: "" };
  const stdin = await nameOf(plan.stdin, "", readableFile);
  const stdout = await nameOf(plan.stdout, NOWHERE, writableFile);
  const stderr = plan.terminal ? "" : await nameOf(plan.stderr, NOWHERE, writableFile);
  return { stdin, stdout, stderr: stderr === stdout ? sameFile(stderr) : stderr };
}

async function nameOf(
  stdio: Stdio,
  nowhere: string,
  fileOf: (path: string) => Promise<string>,
): Promise<string> {
  if (stdio === "null") return nowhere;
  if (needsFifo(stdio)) return "";
  return isUri(stdio) ? stdio : await fileOf(stdio);
}

/**
 * Another name of a file. A shim opens one that both outputs have but once, and may close it when the first of
 * them ends: what comes on the other would be lost.
 */
function sameFile(name: string): string {
  return name.startsWith("/") ? `/.${name}` : name;
}

async function readableFile(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (cause) {
    throw absence(cause, `Cannot read ${path} as stdin: there is no such file`);
  }
}

/** A shim appends to a file, but does not make it. */
async function writableFile(path: string): Promise<string> {
  try {
    // To open a fifo waits for its reader, who would see its end at once.
    if (!await isThere(path)) (await Deno.open(path, { append: true, create: true })).close();
    return await Deno.realPath(path);
  } catch (cause) {
    throw absence(cause, `Cannot write output to ${path}: there is no such folder`);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What a path that is not there is called; other errors say it themselves. */
function absence(cause: unknown, message: string): unknown {
  return cause instanceof Deno.errors.NotFound ? new TypeError(message, { cause }) : cause;
}

async function makeFifos(paths: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("mkfifo", {
    args: ["-m", "600", "--", ...paths],
    stdin: "null",
  }).output();
  if (success) return;
  const message = `Cannot make fifos: ${new TextDecoder().decode(stderr).trim()}`;
  throw new TtrpcError(message, Code.Unavailable, { requestSent: false });
}
