import { glob, readFile } from "node:fs/promises";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { TempFolder } from "../net/temp_folder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A JSR registry that runs in this process. */
export interface LocalRegistry extends AsyncDisposable {
  /** What Deno wants as `JSR_URL`. */
  url: string;
}

/**
 * Serves this repository as JSR would after publishing: the files that `publish.include` lists, and no
 * others, with the import map's names replaced by what they stand for.
 */
export async function serveLocalRegistry(): Promise<LocalRegistry> {
  const files = await publishedFiles();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, ({ url }) => {
    const path = decodeURIComponent(new URL(url).pathname);
    const body = files.get(path);
    if (body === undefined) return new Response(`${path} is not published`, { status: 404 });
    return new Response(body, { headers: { "content-type": contentType(path) } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A cache of its own for Deno: empty, so that nothing is left of earlier runs; npm alone, with its downloads, is shared. */
export async function makeCache(): Promise<TempFolder> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const cache = new TempFolder();
  Deno.symlinkSync(JSON.parse(new TextDecoder().decode(stdout)).npmCache, cache.file("npm"));
  return cache;
}

/** All that the registry has, by path: the package's files, and the two about its versions and this one. */
async function publishedFiles(): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const { name, version, exports, publish } = config;
  const [scope, packageName] = name.slice(1).split("/");
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for await (const path of glob(publish.include, { cwd: ROOT })) {
    const bytes = await publishedBytes(path);
    manifest[`/${path}`] = { size: bytes.length, checksum: await checksum(bytes) };
    files.set(`/${name}/${version}/${path}`, bytes);
  }
  files.set(`/${name}/meta.json`, json({ scope, name: packageName, versions: { [version]: {} } }));
  files.set(`/${name}/${version}_meta.json`, json({ manifest, exports }));
  return files;
}

async function publishedBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await readFile(ROOT + path));
  if (!path.endsWith(".ts")) return bytes;
  const text = new TextDecoder().decode(bytes).replace(
    /\b(from|import) "([^"]+)"/g,
    (_, word: string, specifier: string) => `${word} "${mappedSpecifier(specifier, path)}"`,
  );
  return new TextEncoder().encode(text);
}

function mappedSpecifier(specifier: string, path: string): string {
  for (const [name, target] of Object.entries(config.imports)) {
    if (specifier !== name && !specifier.startsWith(`${name}/`)) continue;
    const mapped = target + specifier.slice(name.length);
    return mapped.startsWith("./") ? relativeSpecifier(path, mapped) : mapped;
  }
  return specifier;
}

/** What a file of the package writes to import another one. */
function relativeSpecifier(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to);
  return path.startsWith(".") ? path : `./${path}`;
}

async function checksum(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return `sha256-${new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex()}`;
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

function contentType(path: string): string {
  if (path.endsWith(".ts")) return "text/typescript";
  return path.endsWith(".json") ? "application/json" : "text/plain";
}
