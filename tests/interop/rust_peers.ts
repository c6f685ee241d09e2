import { fileURLToPath } from "node:url";
import { runToEnd } from "../run_to_end.ts";
import { PeerPrograms } from "./peer_programs.ts";

/** The flag of server and client that keeps them on one thread. */
export const ONE_THREAD = "--one-thread";

/** The programs in `rust/`. */
export const rust = await PeerPrograms.find({ language: "Rust", tool: "cargo", build });

/** Builds into the crate's own folder: cargo lets one build at a time, and has little to do from then on. */
async function build(): Promise<string> {
  const crate = fileURLToPath(new URL("rust", import.meta.url));
  await runToEnd("cargo", ["build", "--release", "--locked", "--quiet", "--target-dir", "target"], {
    cwd: crate,
  });
  return `${crate}/target/release`;
}
