import { runProgram } from "./run_program.ts";

/** What is tried: `connect`, `listen`, `serve`, or `authorize` to serve with it; and an address. */
export type Attempt = [how: string, address: string];

/** How {@linkcode reachInProgram} runs its program. */
export interface ReachOptions {
  /** Flags for Deno. */
  flags?: string[];
  /** The working directory. */
  cwd?: string;
  /** The configuration file, if not the project's own. */
  config?: string;
}

/** Makes attempts in a program of their own, and gives what comes of each: `ok`, or the error's message. */
export async function reachInProgram(attempts: Attempt[], options: ReachOptions = {}): Promise<string[]> {
  return JSON.parse(await runProgram({ file: "reach.ts", args: attempts.flat(), ...options }));
}
