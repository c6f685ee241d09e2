import type { DocDiagnostic } from "./doc_diagnostics.ts";

/** Lines where types are declared, each as `number text`. */
export type DeclarationLines = Set<string>;

/** The part of the output of `deno doc --json` that is read here. */
interface Doc {
  nodes?: Record<string, { symbols: { declarations: Declaration[] }[] }>;
}

interface Declaration {
  /** Lines count from 0. */
  location: { filename: string; line: number };
  /** Of a namespace, what is in it. */
  def?: { elements?: { declarations: Declaration[] }[] };
}

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
 * Collects the lines where the types of exported namespaces are declared: `deno doc` takes them for private.
 *
 * @param json What `deno doc --json` has printed on stdout.
 * @param lines The set to add to.
 */
export async function addNamespaceLines(json: string, lines: DeclarationLines): Promise<void> {
  const { nodes = {} }: Doc = JSON.parse(json);
  const elements = Object.values(nodes).flatMap(({ symbols }) => symbols)
    .flatMap(({ declarations }) => declarations)
    .flatMap(({ def }) => def?.elements ?? []);
  for (const { location: { filename, line } } of elements.flatMap(({ declarations }) => declarations)) {
    const source = (await Deno.readTextFile(new URL(filename))).split(/\r?\n/)[line];
    if (source === undefined) throw new Error(`Cannot find line ${line + 1} of ${filename}`);
    lines.add(key(line + 1, source));
  }
}

/**
 * Tells if a complaint is about one of these types in a public signature. `deno doc` prints no path for such a
 * type, only number and text of the line where it is declared, so that is what is looked up.
 *
 * @param diagnostic The complaint.
 * @param lines The declarations of types that are welcome.
 */
export function isAboutType({ referenced }: DocDiagnostic, lines: DeclarationLines): boolean {
  return referenced !== undefined && lines.has(key(referenced.line, referenced.source));
}

function key(line: number, source: string): string {
  return `${line} ${source.trim()}`;
}
