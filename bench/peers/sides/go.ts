import { pathOf } from "./path.ts";
import { runTool } from "./run_tool.ts";
import { ALL_KINDS, type Programs, type Side } from "./side.ts";

const LIBRARY = "github.com/containerd/ttrpc";

/** Go's `github.com/containerd/ttrpc`. */
export const GO: Side = { name: "go", title: "Go ttrpc", build };

async function build(): Promise<Programs> {
  const module = pathOf("programs/go");
  await runTool("go", ["build", "-buildvcs=false", "-o", "target/", "./cmd/server", "./cmd/client"], module);
  const library = await runTool("go", ["list", "-m", "-f", "{{.Path}} {{.Version}}", LIBRARY], module);
  const go = await runTool("go", ["env", "GOVERSION"], module);
  return {
    server: [`${module}/target/server`],
    client: [`${module}/target/client`],
    warmUp: ALL_KINDS,
    version: `${library.trim()}, ${go.trim()}`,
  };
}
