import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import config from "../../deno.json" with { type: "json" };
import { createRequest, deno, generate, type Output, protoFiles } from "./generate.ts";

const program = ["run", "-A", "--quiet", "src/codegen/protoc_gen_ttrpc.ts"];

async function runProgram(parameter: string): Promise<Output> {
  const request = createRequest(await protoFiles(), parameter);
  return await deno(program, toBinary(CodeGeneratorRequestSchema, request));
}

Deno.test("protoc_gen_ttrpc.ts answers a request on stdin with a response on stdout", async () => {
  const { code, stdout, stderr } = await runProgram("target=ts");
  assertEquals([code, stderr], [0, ""]);
  const { file, error } = fromBinary(CodeGeneratorResponseSchema, stdout);
  assertEquals(error, "");
  assertEquals(new Map(file.map(({ name, content }) => [name, content])), await generate("target=ts"));
});

Deno.test("protoc_gen_ttrpc.ts refuses an unknown option in one line", async () => {
  const { code, stdout, stderr } = await runProgram("target=ts,speed=fast");
  assertEquals([code, stdout.length], [1, 0]);
  assertEquals(stderr, 'protoc-gen-ttrpc: invalid option "speed=fast"\n');
});

Deno.test("protoc_gen_ttrpc.ts refuses input that is no request in one line", async () => {
  const { code, stdout, stderr } = await deno(program, new TextEncoder().encode("hello"));
  assertEquals([code, stdout.length], [1, 0]);
  assertEquals(stderr.trimEnd().split("\n").length, 1);
  assertStringIncludes(stderr, "protoc-gen-ttrpc: ");
});

Deno.test("protoc_gen_ttrpc.ts prints its version", async () => {
  const { code, stdout } = await deno([...program, "--version"]);
  assertEquals([code, new TextDecoder().decode(stdout)], [0, `protoc-gen-ttrpc v${config.version}\n`]);
});

Deno.test("protoc_gen_ttrpc.ts reads nothing when it is only imported", async () => {
  await import("../../src/codegen/protoc_gen_ttrpc.ts");
});
