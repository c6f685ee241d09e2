// README's first programs, copied into a fresh folder and run as printed.
import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readme = await Deno.readTextFile(join(root, "README.md"));

/** Each file that README prints: its name in backquotes, then its text in a block. */
function printedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const [, name, text] of readme.matchAll(/^`([\w./]+)`[^\n]*:\n\n```\w+[^\n]*\n(.*?)^```$/gms)) {
    if (name !== undefined && text !== undefined) files.set(name, text);
  }
  return files;
}

/** The three commands that README gives for these files. */
function printedCommands(): string[][] {
  const block = /^Generate, serve, and call:\n\n```sh\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  return block.trim().split("\n").map((line) => line.split(" "));
}

function command([program, ...args]: string[], cwd: string): Deno.Command {
  assertEquals(program, "deno");
  const env = { PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`, NO_COLOR: "1" };
  return new Deno.Command(Deno.execPath(), { args, cwd, env, stdout: "piped", stderr: "piped" });
}

async function run(words: string[], cwd: string): Promise<string> {
  const { success, stdout, stderr } = await command(words, cwd).output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("README's server and client run as printed in a fresh folder", async () => {
  const folder = await Deno.makeTempDir();
  const files = printedFiles();
  assertEquals([...files.keys()], [
    "deno.json",
    "proto/greeter/v1/greeter.proto",
    "buf.yaml",
    "buf.gen.yaml",
    "server.ts",
    "client.ts",
  ]);
  for (const [name, text] of files) {
    await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
    // The line that README asks for as long as the module is not on JSR.
    const linked = name === "deno.json" ? JSON.stringify({ ...JSON.parse(text), links: [root] }) : text;
    await Deno.writeTextFile(join(folder, name), linked);
  }
  const [generate = [], serve = [], call = []] = printedCommands();
  await run(generate, folder);
  const server = command(serve, folder).spawn();
  try {
    const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
    assertEquals((await reader.read()).value, "Listening on unix:greeter.sock\n");
    assertEquals(await run(call, folder), "Hello, Ada\n0\n1\n2\n");
    await reader.cancel();
  } finally {
    server.kill();
    await server.stderr.cancel();
    await server.status;
    await Deno.remove(folder, { recursive: true });
  }
});
