// The entrypoint as a user has it: with nothing but a registry.
import { assert, assertEquals } from "@std/assert";
import { readModuleGraph } from "../../tools/module_graph.ts";
import { ROOT } from "../../tools/project.ts";
import { makeCache, serveLocalRegistry } from "../codegen/local_registry.ts";
import { TempFolder } from "../net/temp_folder.ts";

const PROGRAM = `
import { Code, createRouterTransport, TtrpcError } from "jsr:@ttrpc/ttrpc";
import { createTaskClient, createTaskV2Client, registerTask, registerTaskV2 } from "jsr:@ttrpc/ttrpc/shim";
import type { TaskClient, TaskImplementation } from "jsr:@ttrpc/ttrpc/shim";

const shim: Partial<TaskImplementation> = {
  connect: ({ id }) => ({ shimPid: 7, version: id }),
  wait: () => { throw new TtrpcError("No such task", Code.NotFound); },
};
await using transport = createRouterTransport((router) => {
  registerTask(router, shim);
  registerTaskV2(router, shim);
});
const clients: TaskClient[] = [createTaskClient(transport), createTaskV2Client(transport)];
for (const task of clients) {
  const { shimPid, version } = await task.connect({ id: "c1" });
  const error = await task.wait({ id: "c1" }).catch((error: unknown) => error);
  console.log(shimPid, version, error instanceof TtrpcError && error.code === Code.NotFound);
}
`;

Deno.test("./shim is imported from a registry, and its stubs share the errors of the module", async () => {
  await using registry = await serveLocalRegistry();
  using cache = await makeCache();
  using folder = new TempFolder();
  await Deno.writeTextFile(folder.file("main.ts"), PROGRAM);

  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--check", "main.ts"],
    cwd: folder.path,
    env: { JSR_URL: registry.url, DENO_DIR: cache.path, NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stderr)], [0, ""]);
  assertEquals(decoder.decode(stdout), "7 c1 true\n7 c1 true\n");
});

Deno.test("mod.ts loads nothing of ./shim and no generated code", async () => {
  const { files } = await readModuleGraph([new URL("mod.ts", ROOT)]);
  assert(files.has(new URL("src/rpc/code.ts", ROOT).href));
  const others = [...files].filter((url) => /\/(gen|src\/shim)\//.test(url.slice(ROOT.href.length - 1)));
  assertEquals(others, []);
});
