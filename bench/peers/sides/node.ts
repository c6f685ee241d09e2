import packages from "../programs/node/package.json" with { type: "json" };
import { pathOf } from "./path.ts";
import { runTool } from "./run_tool.ts";
import { ALL_KINDS, type Programs, type Side } from "./side.ts";

/** `@grpc/grpc-js`. */
export const GRPC: Side = { name: "grpc", title: "grpc-js", build: () => build("grpc", "@grpc/grpc-js") };

/** `@connectrpc/connect-node`, with its own protocol. */
export const CONNECT: Side = {
  name: "connect",
  title: "connect-node",
  build: () => build("connect", "@connectrpc/connect-node"),
};

const FOLDER = pathOf("programs/node");

async function build(name: string, library: keyof typeof packages.dependencies): Promise<Programs> {
  const node = await runTool("node", ["--version"]);
  if (!isInstalled()) await runTool("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], FOLDER);
  return {
    server: ["node", `${FOLDER}/${name}_server.mjs`],
    client: ["node", `${FOLDER}/${name}_client.mjs`],
    warmUp: ALL_KINDS,
    version: `${library} ${packages.dependencies[library]}, Node ${node.trim()}`,
  };
}

/** Whether what the lock file names has been installed since that was written. */
function isInstalled(): boolean {
  try {
    const installed = Deno.statSync(`${FOLDER}/node_modules/.package-lock.json`).mtime?.getTime() ?? 0;
    return installed >= (Deno.statSync(`${FOLDER}/package-lock.json`).mtime?.getTime() ?? 0);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
