import type { DocDiagnostic } from "./doc_diagnostics.ts";

/** Lines of declaration files, each as `number text`. */
export type DeclarationLines = Set<string>;

/**
 * Collects the lines of all declaration files in a folder.
 *
 * @param folder Path of the folder, such as that of an npm package.
 * @param lines The set to add to.
 */
export async function addDeclarationLines(folder: string, lines: DeclarationLines): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) {
      await addDeclarationLines(path, lines);
    } else if (/\.d\.[cm]?ts$/.test(name)) {
      const text = await Deno.readTextFile(path);
      text.split(/\r?\n/).forEach((source, i) => lines.add(key(i + 1, source)));
    }
  }
}

/**
 * Tells if a complaint is about a type of an npm package in a public signature. `deno doc` prints no path for
 * such a type, only number and text of the line where it is declared, so that is what is looked up.
 *
 * @param diagnostic The complaint.
 * @param lines The declarations of the packages whose types are welcome.
 */
export function isAboutNpmType({ referenced }: DocDiagnostic, lines: DeclarationLines): boolean {
  return referenced !== undefined && lines.has(key(referenced.line, referenced.source));
}

function key(line: number, source: string): string {
  return `${line} ${source.trim()}`;
}
