/**
 * `deno doc --lint` over all entrypoints, without its complaints about types in public signatures that npm
 * packages have, which are documented there, or exported namespaces, which it takes for private. And a look
 * for exported symbols without an example that runs.
 *
 * @module
 */

import { type DocDiagnostic, parseDocDiagnostics } from "./doc_diagnostics.ts";
import { findMissingExamples } from "./doc_examples.ts";
import { readModuleGraph } from "./module_graph.ts";
import { addDeclarationLines, addNamespaceLines, type DeclarationLines, isAboutType } from "./known_types.ts";
import { entrypoints, ROOT } from "./project.ts";
import { runDeno } from "./run_deno.ts";

/** The packages whose types may stand in public signatures. */
const PACKAGES = ["@bufbuild/protobuf", "@bufbuild/protoplugin"];

/** The entrypoints, as arguments of `deno doc`. */
const FILES = entrypoints().map((file) => file.href);

async function lintDocs(json: string): Promise<DocDiagnostic[]> {
  const { success, output } = await runDeno(["doc", "--lint", ...FILES]);
  if (success) return [];
  const diagnostics = parseDocDiagnostics(output);
  const lines: DeclarationLines = new Set();
  const { npmFolders } = await readModuleGraph(entrypoints());
  for (const name of PACKAGES) {
    const folder = npmFolders.get(name);
    if (folder !== undefined) await addDeclarationLines(folder, lines);
  }
  await addNamespaceLines(json, lines);
  return diagnostics.filter((diagnostic) => !isAboutType(diagnostic, lines));
}

async function readDocs(): Promise<string> {
  const { success, stdout, output } = await runDeno(["doc", "--json", ...FILES]);
  if (!success) throw new Error(`Cannot read the docs: ${output}`);
  return stdout;
}

if (import.meta.main) {
  const json = await readDocs();
  const diagnostics = [...await lintDocs(json), ...findMissingExamples(json, new URL("gen/", ROOT).href)];
  for (const { text } of diagnostics) console.log(`${text}\n`);
  console.log(`${diagnostics.length} problems in the docs of the public surface`);
  if (diagnostics.length > 0) Deno.exit(1);
}
