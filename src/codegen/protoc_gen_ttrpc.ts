/**
 * `protoc-gen-ttrpc`, the plugin for buf and protoc that writes typed ttrpc stubs: for each `x.proto` with
 * services an `x_ttrpc.ts` beside the `x_pb.ts` of protoc-gen-es.
 *
 * It takes the options of every plugin built on `@bufbuild/protoplugin`, among them `target`,
 * `import_extension` and `rewrite_imports`; the ones that shape file names and imports must be those
 * protoc-gen-es is given. An option it does not know is refused. `strategy: all` starts it once, and not once
 * for each folder of protos.
 *
 * @example In a `buf.gen.yaml`
 * ```yaml
 * version: v2
 * plugins:
 *   - local: ["deno", "run", "-A", "npm:@bufbuild/protoc-gen-es@2.17.0"]
 *     out: gen
 *     strategy: all
 *     opt: [target=ts, import_extension=ts]
 *   - local: ["deno", "run", "-A", "jsr:@ttrpc/ttrpc/protoc-gen-ttrpc"]
 *     out: gen
 *     strategy: all
 *     opt: [target=ts, import_extension=ts]
 * ```
 *
 * @module
 */
import { runNodeJs } from "@bufbuild/protoplugin";
import { protocGenTtrpc } from "./plugin.ts";

if (import.meta.main) runNodeJs(protocGenTtrpc);
