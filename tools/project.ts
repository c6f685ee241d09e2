import config from "../deno.json" with { type: "json" };

/** The folder of the project; ends with a slash. */
export const ROOT = new URL("../", import.meta.url);

/** Files of the entrypoints, each once, as URLs. */
export function entrypoints(): URL[] {
  return [...new Set(Object.values(config.exports))].map((file) => new URL(file, ROOT));
}
