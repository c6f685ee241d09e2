import type { StreamName } from "./stdio.ts";

/** Where the other end of a copy is. */
export type CopyEnd = "piped" | "inherit" | "null";

/** Ctrl-C goes to all programs at a terminal; these end with their streams. */
const IGNORE = 'trap "" INT QUIT;';

/**
 * A program that copies between a fifo and this process.
 *
 * Deno opens, reads and writes a fifo on a thread that waits, and has but 32 of them for all of the file system:
 * a dozen containers would bring a script to a halt. The pipe of a child takes none.
 */
export class FifoCopy {
  readonly #child: Deno.ChildProcess;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | undefined;
  /** What is read from the fifo; undefined unless piped. */
  readonly output: ReadableStream<Uint8Array<ArrayBuffer>> | undefined;
  /** What goes into the fifo; once it is closed, so is this end of the fifo. Undefined unless piped. */
  readonly input: WritableStream<Uint8Array<ArrayBuffer>> | undefined;
  /** Resolves once the program has ended. */
  readonly ended: Promise<void>;

  private constructor(
    script: string,
    path: string,
    { stdin = "null", stdout = "null", stderr = "null" }: Partial<Record<StreamName, CopyEnd>>,
  ) {
    const args = ["-c", `${IGNORE} exec ${script}`, path];
    this.#child = new Deno.Command("sh", { args, stdin, stdout, stderr }).spawn();
    this.ended = this.#child.status.then(() => {});
    // Streams of this class in between: those of a child can't be closed while a user holds them.
    if (stdin === "piped") {
      this.#writer = this.#child.stdin.getWriter();
      this.input = writeTo(this.#writer);
    }
    if (stdout === "piped") {
      this.#reader = this.#child.stdout.getReader();
      this.output = readFrom(this.#reader);
    }
  }

  /**
   * Copies what comes out of a fifo; whoever opens it to write need not wait.
   *
   * @param name Which stream of this process it is that is inherited.
   */
  static fromFifo(path: string, to: CopyEnd, name: "stdout" | "stderr"): FifoCopy {
    if (to === "inherit" && name === "stderr") return new FifoCopy('cat -- "$0" >&2', path, { stderr: to });
    return new FifoCopy('cat -- "$0"', path, { stdout: to });
  }

  /** Copies into a fifo, from when somebody opens it to read. */
  static toFifo(path: string, from: CopyEnd): FifoCopy {
    return new FifoCopy('cat >"$0"', path, { stdin: from });
  }

  /** Drops what is still to come out of a piped fifo. */
  discard(): void {
    if (this.#reader !== undefined) drain(this.#reader);
  }

  /** Ends the program, whatever it waits for, and both streams. */
  async stop(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.ended;
    await this.#reader?.cancel();
    try {
      await this.#writer?.abort(new Deno.errors.BrokenPipe("Cannot write: nobody reads any more"));
    } catch {
      // What nobody has read any more can't be written.
    }
  }
}

function readFrom(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => void drain(reader),
  }, { highWaterMark: 0 });
}

/** A shim waits forever for a reader that is gone, since it holds both ends of its fifos: so one reads on. */
async function drain(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}

function writeTo(
  writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>,
): WritableStream<Uint8Array<ArrayBuffer>> {
  return new WritableStream<Uint8Array<ArrayBuffer>>({
    write: (chunk) => writer.write(chunk),
    // That the process has ended before its input did is no mistake of whoever ends that.
    close: () => writer.close().catch(() => {}),
    abort: (reason) => writer.abort(reason),
  });
}
