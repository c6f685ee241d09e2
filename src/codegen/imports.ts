// deno-lint-ignore rooms/imports -- the versions stand there, and only there
import config from "../../deno.json" with { type: "json" };
import { CodegenError, explain } from "./codegen_error.ts";

/** Entries of an import map, by their names. */
export type Imports = Record<string, string>;

/** All that generated files import from elsewhere, in the versions that go with this module. */
const ENTRIES: Imports = {
  "@bufbuild/protobuf": config.imports["@bufbuild/protobuf"],
  "@ttrpc/ttrpc": `jsr:@ttrpc/ttrpc@^${config.version}`,
};

/** Prints to stdout which of its arguments cannot be imported from where it runs. */
const RESOLVE = "for (const s of Deno.args) try { import.meta.resolve(s); } catch { console.log(s); }";

/**
 * Finds the entries that generated files need and that their project does not have. Deno itself is asked, so
 * that a workspace, an import map of its own and the installed packages of a `package.json` count as well.
 *
 * @param folder The folder in which the files are.
 * @param texts The texts of the files.
 * @throws {CodegenError} If Deno cannot read the project's configuration.
 */
export async function missingImports(folder: string, texts: Iterable<string>): Promise<Imports> {
  const needed = neededImports(texts);
  if (needed.size === 0) return {};
  const command = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", "--no-lock", RESOLVE, ...needed.keys()],
    cwd: folder,
  });
  const { success, stdout, stderr } = await explain("look for imports in", folder, () => command.output());
  const decoder = new TextDecoder();
  if (!success) throw new CodegenError(decoder.decode(stderr).trimEnd());
  const unresolved = decoder.decode(stdout).split("\n");
  return Object.fromEntries(
    [...needed].filter(([specifier]) => unresolved.includes(specifier)).map(([, entry]) => entry),
  );
}

/** What the files import of these packages: each specifier, with the entry it needs. */
function neededImports(texts: Iterable<string>): Map<string, [string, string]> {
  const needed = new Map<string, [string, string]>();
  for (const text of texts) {
    for (const [, specifier = ""] of text.matchAll(/ from "([^"]+)";$/gm)) {
      const entry = Object.entries(ENTRIES).find(([name]) => `${specifier}/`.startsWith(`${name}/`));
      if (entry !== undefined) needed.set(specifier, entry);
    }
  }
  return needed;
}
