import config from "../../deno.json" with { type: "json" };

/** Where an import leads. */
export type ImportTarget =
  | { kind: "file"; path: string }
  | { kind: "package"; name: string }
  | { kind: "node" }
  | { kind: "other" };

/** The folder of the project, as a URL that ends with a slash. */
const ROOT = new URL("../../", import.meta.url).href;

/**
 * A file's path relative to the folder of the project; a file outside of it keeps its whole URL.
 *
 * @param url The file's URL.
 */
export function projectPath(url: string): string {
  return url.startsWith(ROOT) ? decodeURIComponent(url.slice(ROOT.length)) : url;
}

/**
 * Finds out where an import leads, without looking at the disk.
 *
 * @param specifier What stands in the import.
 * @param importer URL of the file in which it stands.
 */
export function importTarget(specifier: string, importer: string): ImportTarget {
  if (/^(\.{0,2}\/|file:)/.test(specifier)) {
    return { kind: "file", path: projectPath(new URL(specifier, importer).href) };
  }
  if (specifier.startsWith("node:")) return { kind: "node" };
  const name = packageName(specifier);
  if (name === undefined) return { kind: "other" };
  if (name !== config.name) return { kind: "package", name };
  const file = Object.entries(config.exports).find(([key]) => name + key.slice(1) === specifier)?.[1];
  return file === undefined ? { kind: "other" } : { kind: "file", path: file.replace("./", "") };
}

/** The name alone of `npm:name@version/path`, `jsr:…` or the bare `name/path`. */
function packageName(specifier: string): string | undefined {
  return /^(?:(?:npm|jsr):\/?)?((?:@[^/@:]+\/)?[^/@:]+)(?:@[^/]+)?(?:\/|$)/.exec(specifier)?.[1];
}
