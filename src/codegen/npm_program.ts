// deno-lint-ignore rooms/imports -- the versions stand there, and only there
import config from "../../deno.json" with { type: "json" };

/** The compiler of `.proto` files. */
export const BUF = config.imports["@bufbuild/buf"];

/** The plugin that generates messages. */
export const PROTOC_GEN_ES = config.imports["@bufbuild/protoc-gen-es"];

/** How a program ended. */
export interface ProgramResult {
  /** The exit code was 0. */
  success: boolean;
  /** What came out on stdout. */
  stdout: Uint8Array<ArrayBuffer>;
  /** What came out on stderr, without white space at its end. */
  stderr: string;
}

/**
 * Runs a program from npm with this Deno, whatever the project in the working directory says about npm.
 *
 * @param specifier The program's package.
 * @param args Its arguments.
 * @param stdin Its input.
 */
export async function runNpmProgram(
  specifier: string,
  args: string[],
  stdin: Uint8Array<ArrayBuffer> = new Uint8Array(),
): Promise<ProgramResult> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-config", specifier, ...args],
    env: { DENO_NO_PACKAGE_JSON: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // A program that refuses its arguments ends without reading; then it is the exit code that tells.
  const written = new Blob([stdin]).stream().pipeTo(child.stdin).catch(() => {});
  const [{ success, stdout, stderr }] = await Promise.all([child.output(), written]);
  return { success, stdout, stderr: new TextDecoder().decode(stderr).trimEnd() };
}
