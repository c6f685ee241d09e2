import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import rooms from "../../tools/lint/rooms.ts";

function lint(file: string, source: string): string[] {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  return Deno.lint.runPlugin(rooms, path, source).map((diagnostic) => diagnostic.message);
}

const ALLOWED: [file: string, source: string][] = [
  // A later row, or the same room.
  ["src/codegen/a.ts", `import { connect } from "../net/connect.ts";`],
  ["src/cli/a.ts", `import { serve } from "../../mod.ts";`],
  ["src/shim/a.ts", `export { createTaskClient } from "../../gen/containerd/task/v3/task_ttrpc.ts";`],
  ["src/shim/a.ts", `import { StatusSchema } from "../../gen/containerd/v1/types/task_pb.ts";`],
  ["gen/a/v1/a_ttrpc.ts", `import { createClient } from "@ttrpc/ttrpc/stub/v1";`],
  ["gen/a/v1/a_ttrpc.ts", `import { A } from "./a_pb.ts";`],
  ["mod.ts", `export * from "./src/net/serve.ts";`],
  ["mod.ts", `export { Code } from "./src/rpc/code.ts";`],
  ["src/stub/v1.ts", `export type { Router } from "../server/router.ts";`],
  ["src/stub/v1.ts", `import "./inner.ts";`],
  ["src/frame/mod.ts", `export { FrameDecoder } from "../wire/frame_decoder.ts";`],
  ["src/net/a.ts", `import { Server } from "../server/server.ts";`],
  ["src/net/a.ts", `const { a } = await import("./credentials.ts");`],
  ["src/client/a.ts", `import { Connection } from "../connection/connection.ts";`],
  ["src/server/deep/a.ts", `import { b } from "../b.ts";`],
  ["src/rpc/a.ts", `import { RequestSchema } from "../../gen/ttrpc/envelope_pb.ts";`],
  ["src/wire/a.ts", `import type { Frame } from "./frame.ts";`],
  // Packages.
  ["src/rpc/a.ts", `import { create } from "@bufbuild/protobuf";`],
  ["src/client/a.ts", `import { anyPack } from "@bufbuild/protobuf/wkt";`],
  ["src/server/a.ts", `import { create } from "npm:@bufbuild/protobuf@^2.17.0/codegenv2";`],
  ["gen/a/v1/a_pb.ts", `import { fileDesc } from "@bufbuild/protobuf/codegenv2";`],
  ["mod.ts", `export type { DescService } from "@bufbuild/protobuf";`],
  ["src/stub/v1.ts", `import { type DescService } from "@bufbuild/protobuf";`],
  ["src/net/a.ts", `import type { DescService } from "@bufbuild/protobuf";`],
  ["src/net/a.ts", `type A = import("@bufbuild/protobuf").Message;`],
  ["src/connection/a.ts", `import { concat } from "@std/bytes/concat";`],
  ["src/frame/a.ts", `import { concat } from "jsr:@std/bytes@^1.0.6/concat";`],
  ["src/frame/a.ts", `import { toTransformStream } from "@std/streams";`],
  ["src/shim/a.ts", `import { anyPack } from "@bufbuild/protobuf/wkt";`],
  ["src/codegen/a.ts", `import { createEcmaScriptPlugin } from "@bufbuild/protoplugin";`],
  // The platform.
  ["src/net/a.ts", `const file = await Deno.open("a");`],
  ["src/net/a.ts", `const { connect } = await import("node:net");`],
  ["src/shim/a.ts", `import { spawn } from "node:child_process";`],
  ["src/codegen/a.ts", `export const args = Deno.args;`],
  ["src/wire/a.ts", `export const word = "Deno"; // Deno`],
  // Outside of the rooms.
  ["tests/client/a_test.ts", `import { a } from "../../src/wire/a.ts"; Deno.test("a", () => a());`],
  ["tools/a.ts", `import * as a from "npm:anything"; Deno.exit(a.b);`],
  ["examples/a.ts", `import { serve } from "@ttrpc/ttrpc";`],
  ["bench/src/wire/a.ts", `import "../../../src/client/a.ts";`],
  // An import of what is only known when it runs.
  ["src/wire/a.ts", "const name = 'b'; await import(name);"],
];

const LATER = "an import points to a later row of the table in ARCHITECTURE.md";

const REFUSED: [file: string, source: string, message: string][] = [
  // An earlier row.
  ["src/wire/a.ts", `import { Code } from "../rpc/code.ts";`, `src/wire may not import src/rpc: ${LATER}`],
  ["src/wire/a.ts", `import type { Code } from "../rpc/code.ts";`, "src/wire may not import src/rpc"],
  ["src/wire/a.ts", `export { Code } from "../rpc/code.ts";`, "src/wire may not import src/rpc"],
  ["src/wire/a.ts", `export * from "../rpc/code.ts";`, "src/wire may not import src/rpc"],
  ["src/wire/a.ts", `await import("../rpc/code.ts");`, "src/wire may not import src/rpc"],
  ["src/wire/a.ts", `type A = import("../rpc/code.ts").Code;`, "src/wire may not import src/rpc"],
  ["src/rpc/a.ts", `import { a } from "../connection/a.ts";`, "src/rpc may not import src/connection"],
  ["src/connection/a.ts", `import "../server/a.ts";`, "src/connection may not import src/server"],
  ["src/client/a.ts", `import { connect } from "../net/connect.ts";`, "src/client may not import src/net"],
  ["src/net/a.ts", `import { a } from "../../mod.ts";`, "src/net may not import mod.ts"],
  ["src/net/a.ts", `import { a } from "../frame/mod.ts";`, "src/net may not import src/frame"],
  ["mod.ts", `import "./gen/a/v1/a_ttrpc.ts";`, "mod.ts may not import gen/*_ttrpc.ts"],
  ["mod.ts", `import "./src/shim/mod.ts";`, "mod.ts may not import src/shim"],
  ["gen/a/v1/a_pb.ts", `import "../../../src/wire/a.ts";`, "gen/*_pb.ts may not import src/wire"],
  ["gen/a/v1/a_ttrpc.ts", `import "../../../src/shim/mod.ts";`, "gen/*_ttrpc.ts may not import src/shim"],
  // The same row.
  ["src/client/a.ts", `import "../server/a.ts";`, `src/client may not import src/server: ${LATER}, and`],
  ["src/server/a.ts", `import "../client/a.ts";`, "src/server may not import src/client"],
  ["src/cli/a.ts", `import "../shim/mod.ts";`, "src/cli may not import src/shim"],
  ["mod.ts", `export * from "./src/frame/mod.ts";`, "mod.ts may not import src/frame"],
  // The module by its own name.
  ["src/net/a.ts", `import { a } from "@ttrpc/ttrpc";`, "src/net may not import mod.ts"],
  ["src/wire/a.ts", `import { a } from "@ttrpc/ttrpc/stub/v1";`, "src/wire may not import src/stub"],
  ["src/wire/a.ts", `import { a } from "jsr:@ttrpc/ttrpc";`, "src/wire may not import jsr:@ttrpc/ttrpc"],
  ["src/cli/a.ts", `import { a } from "@ttrpc/ttrpc/none";`, "src/cli may not import @ttrpc/ttrpc/none"],
  // Files in no room.
  ["src/wire/a.ts", `import "../../tests/a.ts";`, "src/wire may not import tests/a.ts: it is in no room"],
  ["src/wire/a.ts", `import "file:///a/b.ts";`, "src/wire may not import file:///a/b.ts"],
  ["src/extra/a.ts", `export const a = 1;`, "src/extra/a.ts is in no room"],
  ["src/a.ts", `export const a = 1;`, "src/a.ts is in no room"],
  // Packages.
  ["src/wire/a.ts", `import { concat } from "@std/bytes";`, "src/wire may not import @std/bytes: "],
  ["src/wire/a.ts", `import type { Message } from "@bufbuild/protobuf";`, "allows it no package"],
  ["src/connection/a.ts", `import "@std/streams";`, "src/connection may not import @std/streams"],
  ["src/connection/a.ts", `import "npm:@bufbuild/protobuf";`, "may not import @bufbuild/protobuf"],
  ["src/net/a.ts", `import { create } from "@bufbuild/protobuf";`, "it types of @bufbuild/protobuf"],
  ["src/net/a.ts", `import { type A, b } from "@bufbuild/protobuf";`, "src/net may not import"],
  ["src/net/a.ts", `import "@bufbuild/protobuf";`, "src/net may not import"],
  ["mod.ts", `export { create } from "@bufbuild/protobuf";`, "mod.ts may not import @bufbuild/protobuf"],
  ["src/shim/a.ts", `import "commander";`, "src/shim may not import commander"],
  ["src/server/a.ts", `import "@bufbuild/protoplugin";`, "may not import @bufbuild/protoplugin"],
  ["src/frame/a.ts", `import "@std/assert";`, "src/frame may not import @std/assert"],
  ["src/shim/a.ts", `import "https://example.com/a.ts";`, "src/shim may not import https://example.com/a.ts"],
  // The platform.
  ["src/client/a.ts", `const pid = Deno.pid;`, "src/client may not use Deno: only src/cli, "],
  ["src/rpc/a.ts", `const pid = globalThis.Deno.pid;`, "src/rpc may not use Deno"],
  ["src/frame/a.ts", `export type Conn = Deno.Conn;`, "src/frame may not use Deno"],
  ["src/stub/v1.ts", `import { connect } from "node:net";`, "src/stub may not import node:net: only"],
  ["src/server/a.ts", `await import("node:net");`, "src/server may not import node:net"],
];

for (const [file, source] of ALLOWED) {
  Deno.test(`rooms/imports allows ${file} ${source}`, () => assertEquals(lint(file, source), []));
}

for (const [file, source, message] of REFUSED) {
  Deno.test(`rooms/imports refuses ${file} ${source}`, () => {
    const messages = lint(file, source);
    assertEquals(messages.length, 1);
    assertStringIncludes(messages.join(), message);
  });
}
