// A program's stdin.
import { createInterface } from "node:readline";

export function stdinLines() {
  return createInterface({ input: process.stdin, crlfDelay: Infinity });
}

/** Ends this program when whoever started it has gone, or wants it to end. */
export function exitWithStdin() {
  process.stdin.on("end", () => process.exit()).resume();
}
