import { relative } from "node:path";
import { CodegenError } from "./codegen_error.ts";
import type { CommandOptions } from "./command.ts";
import { addImports, findDenoJson } from "./deno_json.ts";
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
  await attempt(() => runOnce(options));
  console.log(`Watching ${options.folders.join(", ")}`);
  for await (const paths of changes) {
    console.log(`Changed: ${paths.map((path) => relative("", path)).join(", ")}`);
    await attempt(() => runOnce(options));
  }
}

async function runOnce(options: CommandOptions): Promise<void> {
  const { out, clean, write } = options;
  const files = await generate(options);
  const written = await writeFiles(out, files);
  const removed = clean ? await removeLeftovers(out, files) : 0;
  const andRemoved = removed > 0 ? `, removed ${removed}` : "";
  console.log(`Wrote ${written} of ${files.size} files in ${out}${andRemoved}`);
  const imports = await missingImports(out, files.values());
  if (Object.keys(imports).length === 0) return;
  if (write) await writeImports(out, imports);
  else printImports(imports);
}

function printImports(imports: Imports): void {
  console.log('The files need these "imports" in deno.json; --write adds them:');
  console.log(JSON.stringify({ imports }, null, 2));
}

async function writeImports(out: string, imports: Imports): Promise<void> {
  const found = findDenoJson(out);
  const path = found ?? "deno.json";
  const text = found === undefined ? "{}\n" : await Deno.readTextFile(found);
  await Deno.writeTextFile(path, addImports(text, imports));
  console.log(`Added to the imports of ${relative("", path)}: ${Object.keys(imports).join(", ")}`);
}
