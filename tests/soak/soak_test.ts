import { assertEquals } from "@std/assert";
import { go } from "../interop/go_peers.ts";
import { parseSoakOptions } from "./options.ts";
import { runSoak } from "./run_soak.ts";

/** As many as it takes for the server to be restarted once. */
const CALLS = 3_000;

/** A short run; what it prints is shown if something was wrong. */
async function soakShortly(peer: string): Promise<void> {
  const lines: string[] = [];
  const options = parseSoakOptions([`--peer=${peer}`, `--calls=${CALLS}`]);
  const { wrong, calls, restarts } = await runSoak(options, (line) => lines.push(line));
  assertEquals(wrong, [], lines.join("\n"));
  assertEquals([calls, restarts > 0], [CALLS, true]);
}

Deno.test("Calls of all kinds over connections that are cut end as they must", () => soakShortly("own"));

go.test("Calls of all kinds to Go's server end as they must", () => soakShortly("go-server"));

go.test("Calls of all kinds from Go's client end as they must", () => soakShortly("go-client"));
