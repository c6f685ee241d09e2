/**
 * `deno doc --lint` over all entrypoints, without its complaints about types of npm packages in public
 * signatures: those types are documented where they come from. And a look for exported symbols without an
 * example that runs.
 *
 * @module
 */

import { type DocDiagnostic, parseDocDiagnostics } from "./doc_diagnostics.ts";
import { findMissingExamples } from "./doc_examples.ts";
import { readModuleGraph } from "./module_graph.ts";
import { addDeclarationLines, type DeclarationLines, isAboutNpmType } from "./npm_types.ts";
import { entrypoints, ROOT } from "./project.ts";
import { runDeno } from "./run_deno.ts";

/** The packages whose types may stand in public signatures. */
const PACKAGES = ["@bufbuild/protobuf", "@bufbuild/protoplugin"];

/** The entrypoints, as arguments of `deno doc`. */
const FILES = entrypoints().map((file) => file.href);

async function lintDocs(): Promise<DocDiagnostic[]> {
  const { success, output } = await runDeno(["doc", "--lint", ...FILES]);
  if (success) return [];
  const diagnostics = parseDocDiagnostics(output);
  const lines: DeclarationLines = new Set();
  const { npmFolders } = await readModuleGraph(entrypoints());
  for (const name of PACKAGES) {
    const folder = npmFolders.get(name);
    if (folder !== undefined) await addDeclarationLines(folder, lines);
  }
  return diagnostics.filter((diagnostic) => !isAboutNpmType(diagnostic, lines));
}

async function lintExamples(): Promise<DocDiagnostic[]> {
  const { success, stdout, output } = await runDeno(["doc", "--json", ...FILES]);
  if (!success) throw new Error(`Cannot read the docs: ${output}`);
  return findMissingExamples(stdout, new URL("gen/", ROOT).href);
}

if (import.meta.main) {
  const diagnostics = [...await lintDocs(), ...await lintExamples()];
  for (const { text } of diagnostics) console.log(`${text}\n`);
  console.log(`${diagnostics.length} problems in the docs of the public surface`);
  if (diagnostics.length > 0) Deno.exit(1);
}
