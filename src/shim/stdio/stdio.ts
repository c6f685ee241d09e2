/**
 * Where a standard stream of a process in a container leads.
 *
 * - `"null"`: nowhere
 * - `"inherit"`: to the stream of this process
 * - `"piped"`: to a Web Stream, such as {@linkcode Process.stdout}
 * - `file:///path`, `binary:///path?args`, or another URI: what the shim makes of it. For output `file://` writes
 *   both streams to one file, where the end of one may be missing, and `binary://` runs a program that takes them
 * - anything else: the path of a file. Output is appended to it; it is made if it is not there
 *
 * @example What is to be had of a program of one name
 * ```ts
 * import type { Stdio } from "@ttrpc/ttrpc/shim";
 *
 * const logger: Stdio = "binary:///usr/local/bin/log-to-journal?unit=web";
 * ```
 */
export type Stdio = "null" | "inherit" | "piped" | (string & Record<never, never>);

/**
 * Where the standard streams of a process lead.
 *
 * @example Output to read, and nothing to write
 * ```ts
 * import type { StdioOptions } from "@ttrpc/ttrpc/shim";
 *
 * const options: StdioOptions = { stdout: "piped", stderr: "inherit" };
 * ```
 */
export interface StdioOptions {
  /**
   * What the process reads.
   *
   * @default {"null"}
   */
  stdin?: Stdio;
  /**
   * What it writes.
   *
   * @default {"null"}
   */
  stdout?: Stdio;
  /**
   * What it writes about errors; nothing with a terminal.
   *
   * @default {"null"}
   */
  stderr?: Stdio;
  /**
   * Whether the process gets a terminal; its output then comes on `stdout` alone, with `\r\n` at the end of
   * lines.
   *
   * @default {false}
   */
  terminal?: boolean;
}

/** The three streams of a process. */
export type StreamName = "stdin" | "stdout" | "stderr";

/** Where each stream leads, all of them named. */
export type StdioPlan = Record<StreamName, Stdio> & { terminal: boolean };

/**
 * Completes the options of a process.
 *
 * @throws {TypeError} If the shim can't have its streams so.
 */
export function planStdio({ stdin, stdout, stderr, terminal = false }: StdioOptions): StdioPlan {
  const plan = { stdin: stdin ?? "null", stdout: stdout ?? "null", stderr: stderr ?? "null", terminal };
  const problem = terminal ? problemOfTerminal(plan) : problemOfUris(plan);
  if (problem !== undefined) throw new TypeError(`Cannot use these standard streams: ${problem}`);
  return plan;
}

function problemOfTerminal({ stdout, stderr }: StdioPlan): string | undefined {
  if (stderr !== "null") return "a terminal has no stderr of its own";
  return stdout.startsWith("file://") ? "a terminal can't write to file://; give the path" : undefined;
}

/** A shim goes by the URI of stdout for both, and dies where it has one and stderr is nowhere. */
function problemOfUris({ stdout, stderr }: StdioPlan): string | undefined {
  if (!isUri(stdout) && !isUri(stderr)) return undefined;
  return stdout === stderr ? undefined : "a URI is for both stdout and stderr: give it twice";
}

/** Whether a stream needs a fifo: the shim knows only names in the file system. */
export function needsFifo(stdio: Stdio): stdio is "piped" | "inherit" {
  return stdio === "piped" || stdio === "inherit";
}

/** Whether the shim is to look after a stream by itself. */
export function isUri(stdio: Stdio): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(stdio);
}
