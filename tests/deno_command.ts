const DENO_JSON = new URL("../deno.json", import.meta.url).pathname;

/** Options for {@linkcode denoCommand}. */
export interface DenoCommandOptions {
  /**
   * Flags for Deno.
   *
   * @default {["--allow-all"]}
   */
  flags?: readonly string[];
  /** Arguments for the program. */
  args?: readonly string[];
}

/** The command that runs a program in Deno, with this project's configuration. */
export function denoCommand(
  program: URL,
  { flags = ["--allow-all"], args = [] }: DenoCommandOptions = {},
): string[] {
  return [Deno.execPath(), "run", "--quiet", `--config=${DENO_JSON}`, ...flags, program.href, ...args];
}
