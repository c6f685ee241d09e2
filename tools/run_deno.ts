import { ROOT } from "./project.ts";

/** Options for {@linkcode runDeno}. */
export interface RunDenoOptions {
  /**
   * Folder to run in.
   *
   * @default {ROOT}
   */
  cwd?: string | URL;
  /** Is told what comes out while it runs. */
  onOutput?: (chunk: Uint8Array) => void;
}

/** How a run ended. */
export interface RunDenoResult {
  /** The exit code was 0. */
  success: boolean;
  /** What came out on stdout. */
  stdout: string;
  /** What came out on stderr. */
  stderr: string;
  /** Both, in the order in which they came. */
  output: string;
}

/**
 * Runs this Deno with other arguments, without colors.
 *
 * @param args The arguments.
 * @param options Where, and who listens.
 */
export async function runDeno(args: string[], options: RunDenoOptions = {}): Promise<RunDenoResult> {
  const process = new Deno.Command(Deno.execPath(), {
    args,
    cwd: options.cwd ?? ROOT,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";

  async function collect(stream: ReadableStream<Uint8Array>): Promise<string> {
    const decoder = new TextDecoder();
    let all = "";
    for await (const chunk of stream) {
      options.onOutput?.(chunk);
      const text = decoder.decode(chunk, { stream: true });
      all += text;
      output += text;
    }
    return all;
  }

  const [stdout, stderr, { success }] = await Promise.all([
    collect(process.stdout),
    collect(process.stderr),
    process.status,
  ]);
  return { success, stdout, stderr, output };
}
