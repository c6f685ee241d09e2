import type { Programs, Side } from "./side.ts";

/** Builds the programs of all sides; one whose tools are not installed is left out, and it is said so. */
export async function buildAll(
  sides: readonly Side[],
  log: (line: string) => void,
): Promise<Map<string, Programs>> {
  const all = new Map<string, Programs>();
  for (const { name, title, build } of sides) {
    try {
      all.set(name, await build());
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      log(`${title} is left out: ${error.message}`);
    }
  }
  return all;
}
