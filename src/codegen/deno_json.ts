import { applyEdits, modify } from "jsonc-parser";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Imports } from "./imports.ts";

const NAMES = ["deno.json", "deno.jsonc"];

/** Path of the `deno.json` or `deno.jsonc` that Deno goes by in a folder: the nearest one upward. */
export function findDenoJson(folder: string): string | undefined {
  const here = resolve(folder);
  const found = NAMES.map((name) => join(here, name)).find(existsSync);
  if (found !== undefined) return found;
  return dirname(here) === here ? undefined : findDenoJson(dirname(here));
}

/** Adds imports to the text of a `deno.json`, whose comments and indentation stay. */
export function addImports(text: string, imports: Imports): string {
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
