import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const flags = ["run", "--no-prompt", "--allow-read", "--allow-write", "--allow-net"];

function deno(...args: string[]): Deno.Command {
  const env = { NO_COLOR: "1" };
  return new Deno.Command(Deno.execPath(), { args, cwd: root, env, stdout: "piped", stderr: "piped" });
}

async function outputOf(command: Deno.Command): Promise<string> {
  const { success, stdout, stderr } = await command.output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("demo shows the four kinds, a deadline, an error with details and a cancel", async () => {
  const output = await outputOf(deno(...flags, "examples/demo.ts"));
  for (
    const heading of [
      "1. Unary",
      "2. Server",
      "3. Client",
      "4. Bidi",
      "5. A deadline",
      "6. An error",
      "7. A cancel",
    ]
  ) {
    assertStringIncludes(output, `\n${heading}`);
  }
  assertStringIncludes(output, "[deadline_exceeded]");
  assertStringIncludes(output, 'its detail: the field "name" is missing');
  assertStringIncludes(output, "aborted: [canceled]");
  assertMatch(output, /nothing is left open\.\n$/);
});

Deno.test("greeter example's client gets its answers from its server", async () => {
  const folder = await Deno.makeTempDir();
  const socket = `${folder}/greeter.sock`;
  const server = deno(...flags, "examples/greeter/server.ts", socket).spawn();
  const lines = server.stdout.pipeThrough(new TextDecoderStream());
  const reader = lines.getReader();
  try {
    assertEquals((await reader.read()).value, `Listening on unix://${socket}\n`);
    assertEquals(
      await outputOf(deno(...flags, "examples/greeter/client.ts", socket)),
      "Hello, Ada\n0\n1\n2\nHello, Ada and Grace\nHello, Ada\nHello, Grace\n" +
        "[invalid_argument] Whom shall I greet?; missing: name\n",
    );
    server.kill("SIGINT");
    assertEquals((await server.status).code, 0);
    assertEquals(Array.from(Deno.readDirSync(folder)), []);
  } finally {
    await reader.cancel();
    await server.stderr.cancel();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("interceptors example needs no permission, logs its calls and knows who makes them", async () => {
  const output = await outputOf(deno("run", "--no-prompt", "examples/interceptors/main.ts"));
  assertEquals(
    output.replaceAll(/ [0-9.]+ ms$/gm, ""),
    "greeter.v1.Greeter/Hello ok\nHello, Ada; Ali says hi\n0\n1\n2\ngreeter.v1.Greeter/Count ok\n",
  );
});
