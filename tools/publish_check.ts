/**
 * A dry run of publishing: no slow types, and exactly the files that belong to the module.
 *
 * @module
 */

import { readModuleGraph } from "./module_graph.ts";
import { entrypoints, ROOT } from "./project.ts";
import { compareListings, parsePublishListing } from "./publish_listing.ts";
import { runDeno } from "./run_deno.ts";

/** What is published beside the sources and those generated files which they import. */
const DOCUMENTS = ["deno.json", "LICENSE", "README.md", "PROTOCOL.md"];

/** The paths that would be published, or what Deno says against it. */
async function publishDry(): Promise<Set<string> | string> {
  const { success, output } = await runDeno(["publish", "--dry-run", "--allow-dirty"]);
  return success ? parsePublishListing(output, ROOT.href) : output;
}

async function expectedFiles(): Promise<Set<string>> {
  const { files } = await readModuleGraph(entrypoints());
  const imported = [...files].filter((url) => url.startsWith(ROOT.href))
    .map((url) => decodeURIComponent(url.slice(ROOT.href.length)))
    .filter((path) => path === "mod.ts" || path.startsWith("gen/"));
  return new Set([...DOCUMENTS, ...imported, ...await sources("src/")]);
}

async function sources(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(folder, ROOT))) {
    if (isDirectory) paths.push(...await sources(`${folder}${name}/`));
    else if (name.endsWith(".ts")) paths.push(folder + name);
  }
  return paths;
}

async function check(): Promise<boolean> {
  const published = await publishDry();
  if (typeof published === "string") {
    console.log(published);
    return false;
  }
  const problems = compareListings(published, await expectedFiles());
  for (const problem of problems) console.log(problem);
  console.log(`${published.size} files would be published, ${problems.length} problems`);
  return problems.length === 0;
}

if (import.meta.main && !await check()) Deno.exit(1);
