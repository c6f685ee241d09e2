import { existsSync } from "node:fs";
import { relative } from "node:path";
import { CodegenError, explain } from "./codegen_error.ts";
import type { CommandOptions } from "./command.ts";
import { addImports, findImportsFile, withSubpaths } from "./deno_json.ts";
import { generate } from "./generate.ts";
import { type Imports, missingImports } from "./imports.ts";
import { removeLeftovers, writeFiles } from "./output_folder.ts";
import { checkFolder } from "./proto_folder.ts";
import { watchProtos } from "./watch.ts";

/**
 * Does what the command line says, and tells about it on stdout and stderr.
 *
 * @param options What it says.
 * @param signal Ends watching.
 * @returns Whether it was done.
 */
export function run(options: CommandOptions, signal: AbortSignal): Promise<boolean> {
  return attempt(() => options.watch ? watch(options, signal) : runOnce(options));
}

/** Does something that may fail for a reason the user has to hear, and tells whether it did not. */
async function attempt(action: () => Promise<void>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    if (!(error instanceof CodegenError)) throw error;
    console.error(error.message);
    return false;
  }
}

async function watch(options: CommandOptions, signal: AbortSignal): Promise<void> {
  for (const folder of options.folders) await checkFolder(folder);
  const changes = watchProtos(options.folders, signal);
  const printed = new Set<string>();
  await attempt(() => runOnce(options, printed));
  console.log(`Watching ${options.folders.join(", ")}`);
  for await (const paths of changes) {
    console.log(`Changed: ${paths.map((path) => relative("", path)).join(", ")}`);
    await attempt(() => runOnce(options, printed));
  }
}

/** Generates once. Imports that are among the `printed` are not printed again. */
async function runOnce(options: CommandOptions, printed = new Set<string>()): Promise<void> {
  const { out, clean, write } = options;
  const files = await generate(options);
  const written = await writeFiles(out, files);
  const removed = clean ? await removeLeftovers(out, files) : 0;
  const andRemoved = removed > 0 ? `, removed ${removed}` : "";
  console.log(`Wrote ${written} of ${files.size} files in ${out}${andRemoved}`);
  const missing = await missingImports(out, files.values());
  if (Object.keys(missing).length === 0) return;
  const file = await findImportsFile(out);
  const imports = file?.isImportMap ? withSubpaths(missing) : missing;
  if (write && file !== undefined) return await writeImports(file.path, imports);
  const text = JSON.stringify({ imports }, null, 2);
  if (write) throw new CodegenError(`No deno.json for ${out} to add "imports" to:\n${text}`);
  if (printed.has(text)) return;
  printed.add(text);
  const path = file === undefined ? "a deno.json:" : `${file.path}; --write adds them:`;
  console.log(`The files need these "imports" in ${path}\n${text}`);
}

async function writeImports(path: string, imports: Imports): Promise<void> {
  await explain("add imports to", path, async () => {
    const text = existsSync(path) ? await Deno.readTextFile(path) : "{}\n";
    await Deno.writeTextFile(path, addImports(text, imports));
  });
  console.log(`Added to the imports of ${path}: ${Object.keys(imports).join(", ")}`);
}
