import { assertEquals, assertStringIncludes } from "@std/assert";
import { generateOne } from "./generate.ts";

/** The names by which a stub knows what it imports, where they differ from the ones it imports. */
function aliasesOf(text: string): string[] {
  return [...text.matchAll(/^import .*;$/gm)]
    .flatMap(([line]) => [...line.matchAll(/[\w$]+ as [\w$]+/g)].map(([alias]) => alias))
    .sort();
}

Deno.test("Stubs keep messages apart from the names of the runtime, of globals and of their own", async () => {
  const text = await generateOne("codegen/names");
  assertEquals(aliasesOf(text), [
    "AsyncIterable as AsyncIterable$1",
    "CallOptions as CallOptions$1",
    "ElsewhereClient as ElsewhereClient$1",
    "HandlerContext as HandlerContext$1",
    "MessageInitShape as MessageInitShape$1",
    "MessageSource as MessageSource$1",
    "NamesClient as NamesClient$1",
    "NamesImplementation as NamesImplementation$1",
    "Promise as Promise$1",
    "Promise as Promise$2",
    "PromiseSchema as PromiseSchema$1",
    "Router as Router$1",
    "Thing as Thing$1",
    "ThingSchema as ThingSchema$1",
    "Transport as Transport$1",
    "createClient as createClient$1",
    "createNamesClient as createNamesClient$1",
    "registerNames as registerNames$1",
  ]);
  assertStringIncludes(text, "): Promise<Promise$1>;");
  assertStringIncludes(text, "): AsyncIterable<AsyncIterable$1>;");
  assertStringIncludes(text, "requests: AsyncIterable<Partial$>,");
  assertStringIncludes(text, "implementation: Partial<NamesImplementation>,");
});

Deno.test("Stubs keep services apart from the names of the runtime, of globals and of parameters", async () => {
  const text = await generateOne("codegen/services");
  assertEquals(aliasesOf(text), [
    "CallOptions as CallOptions$1",
    "MadeClient as MadeClient$1",
    "Promise as Promise$1",
    "createClient as createClient$1",
    "implementation as implementation$1",
    "router as router$1",
    "transport as transport$1",
  ]);
  assertStringIncludes(text, "return createClient(transport$1, transport);");
  assertStringIncludes(text, "router.service(router$1, implementation);");
  assertStringIncludes(text, "return createClient(delete$, transport);");
});

Deno.test("Stubs name methods as the descriptors of protobuf-es do", async () => {
  const text = await generateOne("codegen/names");
  const [, client = ""] = text.split(/^export interface /m);
  const methods = [...client.matchAll(/^ {2}([\w$]+)\($/gm)].map(([, name]) => name);
  assertEquals(methods.slice(8), [
    "delete",
    "constructor$",
    "toString$",
    "toJSON$",
    "valueOf$",
    "hasOwnProperty",
    "then",
    "snake_case",
    "uRL",
  ]);
});

Deno.test("Stubs tell services apart that differ only in case", async () => {
  const text = await generateOne("codegen/names");
  for (const name of ["Names", "names"]) {
    assertStringIncludes(
      text,
      `export function create${name}Client(transport: Transport$1): ${name}Client {`,
    );
  }
});

Deno.test("Stubs import messages from where protobuf-es puts them", async () => {
  const text = await generateOne("codegen/names");
  assertStringIncludes(
    text,
    'import type { Any, AnySchema, Empty, EmptySchema } from "@bufbuild/protobuf/wkt";',
  );
  assertStringIncludes(text, 'from "./messages_pb.ts";');
  assertStringIncludes(text, "): Promise<Outer_Inner_Innermost>;");
});

Deno.test("Stubs import nothing they do not use", async () => {
  const text = await generateOne("interop/v1/plain");
  assertStringIncludes(text, "import type { CallOptions, HandlerContext, Router, Transport } from");
});
