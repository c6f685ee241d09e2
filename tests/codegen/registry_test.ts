// The command and README's programs as a user has them: with nothing but a registry.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { quickstartFiles, runQuickstart } from "../docs/quickstart.ts";
import { makeCache, serveLocalRegistry } from "./local_registry.ts";
import { makeProject } from "./project.ts";

const PROTO = "proto/greeter/v1/greeter.proto";

/** Runs the command as its documentation says, with more flags for Deno where these are needed. */
async function generate(cwd: string, env: Record<string, string>, ...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", ...flags, "jsr:@ttrpc/ttrpc/codegen", "proto", "--out", "gen"],
    cwd,
    env,
  }).output();
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stderr)], [0, ""]);
  return decoder.decode(stdout);
}

Deno.test("codegen generates from a registry where only a proto is, and README's programs run", async () => {
  await using registry = await serveLocalRegistry();
  using cache = await makeCache();
  const env = { JSR_URL: registry.url, DENO_DIR: cache.path, NO_COLOR: "1" };

  using project = makeProject({ [PROTO]: quickstartFiles.get(PROTO) ?? "" });
  assertStringIncludes(await generate(project.path, env), "Wrote 2 of 2 files in gen\n");
  assertEquals(project.names(), ["gen", "proto"]);

  const generated = await runQuickstart(project.path, env);
  assertStringIncludes(generated, "Added to the imports of deno.json: @bufbuild/protobuf, @ttrpc/ttrpc\n");
});

Deno.test("codegen generates from a registry beside a package.json, with the flag it needs", async () => {
  await using registry = await serveLocalRegistry();
  using cache = await makeCache();
  const env = { JSR_URL: registry.url, DENO_DIR: cache.path, NO_COLOR: "1" };
  const packageJson = JSON.stringify({ dependencies: { "@bufbuild/protobuf": "^2.17.0" } });
  using project = makeProject({
    [PROTO]: quickstartFiles.get(PROTO) ?? "",
    "package.json": packageJson,
  });
  const output = await generate(project.path, env, "--node-modules-dir=none");
  assertStringIncludes(output, "Wrote 2 of 2 files in gen\n");
});
