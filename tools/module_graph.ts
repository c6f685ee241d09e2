import { runDeno } from "./run_deno.ts";

/** What a module imports, directly and through others. */
export interface ModuleGraph {
  /** URLs of the local files, the module itself included. */
  files: Set<string>;
  /** npm packages, and the folders in which they lie. */
  npmFolders: Map<string, string>;
}

/** The part of the output of `deno info --json` that is read here. */
interface Info {
  modules: { specifier: string; error?: string }[];
  npmPackages?: Record<string, { name: string; localPath?: string }>;
}

/**
 * Asks `deno info` what modules import.
 *
 * @param entrypoints URLs of the modules.
 * @returns One graph for all of them.
 * @throws {Error} If an import leads nowhere, or the answer is not understood.
 */
export async function readModuleGraph(entrypoints: URL[]): Promise<ModuleGraph> {
  const graph: ModuleGraph = { files: new Set(), npmFolders: new Map() };
  for (const info of await Promise.all(entrypoints.map(readInfo))) {
    for (const { specifier, error } of info.modules) {
      if (error !== undefined) throw new Error(`Cannot load ${specifier}: ${error}`);
      if (specifier.startsWith("file:")) graph.files.add(specifier);
    }
    for (const { name, localPath } of Object.values(info.npmPackages ?? {})) {
      if (localPath !== undefined) graph.npmFolders.set(name, localPath);
    }
  }
  return graph;
}

async function readInfo(entrypoint: URL): Promise<Info> {
  const { success, stdout, output } = await runDeno(["info", "--json", entrypoint.href]);
  const info: Partial<Info> = success ? JSON.parse(stdout) : {};
  if (!Array.isArray(info.modules)) throw new Error(`Cannot read the graph of ${entrypoint}: ${output}`);
  return { ...info, modules: info.modules };
}
