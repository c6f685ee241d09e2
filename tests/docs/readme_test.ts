// README's first programs, run as printed in a folder that is linked with this checkout.
import { fileURLToPath } from "node:url";
import { makeProject } from "../codegen/project.ts";
import { runQuickstart } from "./quickstart.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

Deno.test("README's server and client run as printed, with the deno.json for a checkout", async () => {
  using project = makeProject({ "deno.json": JSON.stringify({ links: [root] }) });
  await runQuickstart(project.path, {});
});
