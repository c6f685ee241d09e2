import { createEcmaScriptPlugin, type Plugin, type Schema } from "@bufbuild/protoplugin";
// deno-lint-ignore rooms/imports -- the version stands there, and only there
import config from "../../deno.json" with { type: "json" };
import { printClient } from "./client_stub.ts";
import { printImplementation } from "./implementation_stub.ts";
import { checkMethodNames, stubNames } from "./names.ts";

/** The plugin itself, apart from the program that runs it. */
export const protocGenTtrpc: Plugin = createEcmaScriptPlugin({
  name: "protoc-gen-ttrpc",
  version: `v${config.version}`,
  generateTs,
});

function generateTs(schema: Schema): void {
  for (const file of schema.files) {
    // A file in which nothing is printed is dropped, unless the user asks for it with keep_empty_files.
    const path = `${file.name}_ttrpc`;
    const f = schema.generateFile(`${path}.ts`);
    f.preamble(file);
    const names = stubNames(f, path);
    for (const service of file.services) {
      checkMethodNames(service);
      printClient(f, service, names);
      printImplementation(f, service, names);
    }
  }
}
