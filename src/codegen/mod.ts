/**
 * The command that generates messages and stubs for a project's `.proto` files: for each `x.proto` an
 * `x_pb.ts` by [protoc-gen-es](https://github.com/bufbuild/protobuf-es), and for one with services an
 * `x_ttrpc.ts` by `protoc-gen-ttrpc`. It brings its own compiler, so that nothing else has to be installed or
 * configured; the first run downloads the compiler and protoc-gen-es from npm.
 *
 * @example All of the folder `proto`, once and then after each change
 * ```sh
 * deno run -A jsr:@ttrpc/ttrpc/codegen proto --out gen
 * deno run -A jsr:@ttrpc/ttrpc/codegen proto --out gen --watch
 * ```
 *
 * Each folder is a place where imports are looked for, as with `protoc -I`. Errors are printed with file,
 * line and column, and the exit code is 1. The generated files import `@bufbuild/protobuf` and
 * `@ttrpc/ttrpc`: where the project does not know them, the command prints the entries for its `deno.json`,
 * or adds them with `--write`.
 *
 * @example Part of somebody else's protos with all that it imports, and an option of protoc-gen-es
 * ```sh
 * deno run -A jsr:@ttrpc/ttrpc/codegen vendor/proto --path vendor/proto/runtime --include-imports \
 *   --es-opt json_types=true
 * ```
 *
 * `--help` lists all options. Projects that have buf or protoc already can use the plugin alone:
 * `@ttrpc/ttrpc/protoc-gen-ttrpc`. Where a `package.json` makes Deno look for npm packages in `node_modules`,
 * the command needs a flag: `deno run -A --node-modules-dir=none jsr:@ttrpc/ttrpc/codegen`.
 *
 * @module
 */
import { parseCommandLine } from "./command.ts";
import { run } from "./run.ts";

if (import.meta.main) {
  const options = parseCommandLine(Deno.args);
  const end = new AbortController();
  if (options.watch) Deno.addSignalListener("SIGINT", () => end.abort());
  if (!await run(options, end.signal)) Deno.exit(1);
}
