import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "node:path";

const readme = await Deno.readTextFile(new URL("../../README.md", import.meta.url));

/** The files that README prints, by name: each is a name in backquotes, then its text in a block. */
export const quickstartFiles: ReadonlyMap<string, string> = new Map(
  [...readme.matchAll(/^`([\w./]+)`[^\n]*:\n\n```\w+[^\n]*\n(.*?)^```$/gms)]
    .map(([, name = "", text = ""]) => [name, text]),
);

/** The commands that README gives for these files, as lists of words: generate, serve, and call. */
const quickstartCommands: string[][] =
  (/^Generate, serve, and, in another terminal, call:\n\n```sh\n(.*?)^```$/ms.exec(readme)?.[1] ?? "")
    .trim().split("\n").map((line) => line.split(" "));

/**
 * Does what README says: puts its files into a folder, runs its commands there, and sees that the client gets
 * its answers.
 *
 * @param env The environment of the commands.
 * @returns What the first command, which generates, printed.
 */
export async function runQuickstart(folder: string, env: Record<string, string>): Promise<string> {
  assertEquals([...quickstartFiles.keys()], ["proto/greeter/v1/greeter.proto", "server.ts", "client.ts"]);
  for (const [name, text] of quickstartFiles) {
    await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
    await Deno.writeTextFile(join(folder, name), text);
  }
  const [generate, serve, call, ...rest] = quickstartCommands.map((words) => denoCommand(words, folder, env));
  assert(generate !== undefined && serve !== undefined && call !== undefined && rest.length === 0);
  const generated = await outputOf(generate);
  await using server = serve.spawn();
  const reader = server.stdout.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader.read()).value, "Listening on unix:greeter.sock\n");
  assertEquals(await outputOf(call), "Hello, Ada\n0\n1\n2\n");
  await reader.cancel();
  await server.stderr.cancel();
  return generated;
}

function denoCommand([program, ...args]: string[], cwd: string, env: Record<string, string>): Deno.Command {
  assertEquals(program, "deno");
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { ...env, NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  });
}

async function outputOf(command: Deno.Command): Promise<string> {
  const { success, stdout, stderr } = await command.output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
