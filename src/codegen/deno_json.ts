import { applyEdits, findNodeAtLocation, modify, parse, parseTree } from "jsonc-parser";
import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { explain } from "./codegen_error.ts";
import type { Imports } from "./imports.ts";
import { isWithin } from "./is_within.ts";

const NAMES = ["deno.json", "deno.jsonc"];

/** The file that has a project's imports. */
export interface ImportsFile {
  /** Its path, relative to the working directory. */
  path: string;
  /** An import map of its own, in which an entry for a package says nothing about what is inside of it. */
  isImportMap: boolean;
}

/**
 * Finds the file to which imports of what is in a folder can be added: the nearest `deno.json` or the import
 * map it names. It may be one still to be made: a `deno.json` in the working directory, for folders in it.
 *
 * @throws {CodegenError} If the `deno.json` cannot be read.
 */
export async function findImportsFile(folder: string): Promise<ImportsFile | undefined> {
  const found = findDenoJson(folder);
  if (found === undefined) {
    return isWithin("", folder) ? { path: "deno.json", isImportMap: false } : undefined;
  }
  const path = relative("", found);
  const config: { imports?: unknown; scopes?: unknown; importMap?: unknown } =
    parse(await explain("read", path, () => Deno.readTextFile(found))) ?? {};
  const { imports, scopes, importMap } = config;
  // Beside imports or scopes, Deno takes no notice of an import map.
  if (imports !== undefined || scopes !== undefined || typeof importMap !== "string") {
    return { path, isImportMap: false };
  }
  const url = new URL(importMap, pathToFileURL(found));
  return url.protocol === "file:" ? { path: relative("", fileURLToPath(url)), isImportMap: true } : undefined;
}

/** Path of the `deno.json` or `deno.jsonc` that Deno goes by in a folder: the nearest one upward. */
export function findDenoJson(folder: string): string | undefined {
  const here = resolve(folder);
  const found = NAMES.map((name) => join(here, name)).find(existsSync);
  if (found !== undefined) return found;
  return dirname(here) === here ? undefined : findDenoJson(dirname(here));
}

/** The entries with those that an import map of its own needs besides, for what is inside of packages. */
export function withSubpaths(imports: Imports): Imports {
  return Object.fromEntries(
    Object.entries(imports).flatMap(([name, specifier]) => [
      [name, specifier],
      [`${name}/`, `${specifier.replace(":", ":/")}/`],
    ]),
  );
}

/**
 * Adds imports to the text of a `deno.json` or an import map, whose comments and indentation stay.
 *
 * @throws {Error} If its imports are something else than an object.
 */
export function addImports(text: string, imports: Imports): string {
  const root = parseTree(text);
  const existing = root && findNodeAtLocation(root, ["imports"]);
  if (existing !== undefined && existing.type !== "object") throw new Error('Its "imports" are no object');
  const formattingOptions = { insertSpaces: !/^\t/m.test(text), tabSize: indentation(text) };
  return Object.entries(imports).reduce(
    (text, [name, specifier]) =>
      applyEdits(text, modify(text, ["imports", name], specifier, { formattingOptions })),
    text,
  );
}

function indentation(text: string): number {
  return /^( +)\S/m.exec(text)?.[1]?.length ?? 2;
}
