import type { Result } from "../result.ts";
import { chart } from "./chart.ts";
import { report } from "./report.ts";

/** Writes `peers.json`, `peers.md` and `peers.svg` into a folder. */
export async function writeResults(result: Result, folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(`${folder}/peers.json`, JSON.stringify(result, null, 2) + "\n");
  await Deno.writeTextFile(`${folder}/peers.md`, report(result));
  await Deno.writeTextFile(`${folder}/peers.svg`, chart(result));
}
