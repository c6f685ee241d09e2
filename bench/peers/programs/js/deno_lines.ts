import { linesOf } from "../../../../tests/lines.ts";

/** Lines of this program's stdin. */
export function stdinLines(): AsyncIterable<string> {
  return linesOf(Deno.stdin.readable);
}

/** Resolves when whoever started this program has gone, or wants it to end. */
export async function stdinEnd(): Promise<void> {
  for await (const _ of stdinLines());
}
