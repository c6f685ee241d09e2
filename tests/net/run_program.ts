import { toText } from "@std/streams";

const DENO_JSON = new URL("../../deno.json", import.meta.url).pathname;

/** What {@linkcode runProgram} runs. */
export interface Program {
  /** Name of a file in this folder. */
  file: string;
  /** Flags for Deno, such as permissions. */
  flags?: string[];
  /** Arguments for the program. */
  args?: string[];
  /** The working directory. */
  cwd?: string;
  /** The configuration file, if not the project's own. */
  config?: string;
}

/** Runs one of the programs of this folder to its end, which comes within half a minute or is an error. */
export async function runProgram(
  { file, flags = [], args = [], cwd, config = DENO_JSON }: Program,
): Promise<string> {
  const url = new URL(file, import.meta.url).href;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", `--config=${config}`, ...flags, url, ...args],
    env: { NO_COLOR: "1" },
    cwd,
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(30_000),
  }).spawn();
  const [stdout, stderr, status] = await Promise.all([
    toText(child.stdout),
    toText(child.stderr),
    child.status,
  ]);
  if (!status.success) throw new Error(`${file} ended with ${status.signal ?? status.code}: ${stderr}`);
  return stdout;
}
