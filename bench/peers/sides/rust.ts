import { pathOf } from "./path.ts";
import { runTool } from "./run_tool.ts";
import { type Programs, type Side, UNARY } from "./side.ts";

/** The Rust crate `ttrpc`, async. */
export const RUST: Side = { name: "rust", title: "Rust ttrpc", build };

async function build(): Promise<Programs> {
  const crate = pathOf("programs/rust");
  await runTool("cargo", ["build", "--release", "--locked", "--quiet", "--target-dir", "target"], crate);
  const library = await runTool("cargo", ["pkgid", "--offline", "ttrpc"], crate);
  const compiler = await runTool("rustc", ["--version"], crate);
  return {
    server: [`${crate}/target/release/server`],
    client: [`${crate}/target/release/client`],
    warmUp: [UNARY],
    version: `ttrpc ${library.trim().split("@").at(-1)}, ${compiler.trim()}`,
  };
}
