import { fileURLToPath } from "node:url";
import { runToEnd } from "../run_to_end.ts";
import { PeerPrograms } from "./peer_programs.ts";

/** The programs in `go/`. */
export const go = await PeerPrograms.find({ language: "Go", tool: "go", build });

/** Builds into a folder of this module's own; with Go's cache this takes half a second. */
async function build(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "ttrpc-go-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  const module = fileURLToPath(new URL("go", import.meta.url));
  await runToEnd("go", ["build", "-buildvcs=false", "-o", folder, "./cmd/server", "./cmd/client"], {
    cwd: module,
  });
  return folder;
}
