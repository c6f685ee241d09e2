import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { BootstrapResultSchema } from "../../../gen/containerd/runtime/bootstrap/v1/bootstrap_pb.ts";
import { Code } from "../../../src/rpc/code.ts";
import { TtrpcError } from "../../../src/rpc/ttrpc_error.ts";
import { parseBootstrap } from "../../../src/shim/program/parse_bootstrap.ts";
import { READS_VECTORS } from "../../vectors/vector_files.ts";
import { type Printed, readBootstrapVectors } from "./bootstrap_vectors.ts";

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function refuse(output: Uint8Array): TtrpcError {
  return assertThrows(() => parseBootstrap(output), TtrpcError);
}

/** What it means, or the error if this module does not speak it. */
function assertParses({ case: name, stdoutHex, expect }: Printed): void {
  const output = Uint8Array.fromHex(stdoutHex);
  if (expect === undefined) {
    assertEquals(refuse(output).code, Code.Internal, name);
    return;
  }
  const { version, address, protocol: written } = expect;
  const protocol = written || "ttrpc";
  if (version > 3 || protocol !== "ttrpc") {
    const { code, rawMessage } = refuse(output);
    assertEquals(code, Code.Unimplemented, name);
    assertStringIncludes(rawMessage, version > 3 ? `version ${version}` : `"${protocol}"`);
    assertStringIncludes(rawMessage, address);
  } else {
    assertEquals(parseBootstrap(output), { version: version === 2 ? 2 : 3, address, protocol }, name);
  }
}

Deno.test("parseBootstrap() reads what real shims have printed", READS_VECTORS, async () => {
  const starts = (await readBootstrapVectors()).recorded.filter(({ exit }) => exit === 0);
  const formats = new Set(starts.map(({ expect }) => expect?.format));
  assertEquals(formats, new Set(["text", "json", "protobuf"] as const));
  for (const start of starts) assertParses(start);
});

Deno.test("parseBootstrap() reads other shims' output, or says what is wrong", READS_VECTORS, async () => {
  const { edge } = await readBootstrapVectors();
  assert(edge.length > 0);
  for (const printed of edge) {
    assertEquals(printed.expect === undefined, printed.error ?? false);
    assertParses(printed);
  }
});

Deno.test(
  "BootstrapResult has all that shims may print, and is encoded to the same bytes",
  READS_VECTORS,
  async () => {
    const { recorded, edge } = await readBootstrapVectors();
    const printed = [...recorded, ...edge].filter(({ expect }) => expect?.format === "protobuf");
    assert(printed.length > 0);
    for (const { stdoutHex, expect } of printed) {
      const result = fromBinary(BootstrapResultSchema, Uint8Array.fromHex(stdoutHex));
      assertEquals(toBinary(BootstrapResultSchema, result).toHex(), stdoutHex);
      assertEquals(result.$unknown, undefined);
      assertEquals(result.metadata, expect?.metadata ?? {});
      assertEquals(result.extensions.map(({ value }) => value?.typeUrl), expect?.extensions ?? []);
    }
  },
);

const CODES: [output: string, code: Code, reason: string][] = [
  ["", Code.Internal, "it printed nothing"],
  [" \r\n\t", Code.Internal, "it printed nothing"],
  [
    "warning: no config\nunix:///run/x",
    Code.Internal,
    'that is no address: "warning: no config\\nunix:///run/x"',
  ],
  ['{"version":3,"address":', Code.Internal, "that is no address"],
  ['{"version":3}', Code.Internal, "that is no address"],
  ['{"version":3,"address":""}', Code.Internal, "that is no address"],
  ['{"version":"3","address":"unix:///run/x"}', Code.Internal, "that is no address"],
  ['{"version":1,"address":"unix:///run/x"}', Code.Unimplemented, "version 1 of the service Task is neither"],
  ['{"version":2.5,"address":"unix:///run/x"}', Code.Unimplemented, "version 2.5 of the service Task"],
  ['{"version":3,"address":"unix:///run/x","protocol":"grpc"}', Code.Unimplemented, '"grpc" and not ttrpc'],
];

Deno.test("parseBootstrap() tells what is wrong, and shows it", { permissions: "none" }, () => {
  for (const [output, code, reason] of CODES) {
    const error = refuse(encode(output));
    assertEquals(error.code, code, output);
    assertStringIncludes(error.rawMessage, reason);
  }
});

Deno.test("parseBootstrap() refuses a message without version or address", { permissions: "none" }, () => {
  for (
    const fields of [{ version: 3 }, { version: 1, address: "unix:///run/x" }, { address: "unix:///run/x" }]
  ) {
    const output = toBinary(BootstrapResultSchema, create(BootstrapResultSchema, fields));
    assertEquals(refuse(output).code, Code.Internal);
  }
});

Deno.test(
  "parseBootstrap() shows bytes so that a terminal is safe, and only some",
  { permissions: "none" },
  () => {
    const { rawMessage } = refuse(encode(`\x1b[2J${"x".repeat(100_000)}`));
    assertStringIncludes(rawMessage, '"\\u001b[2Jxxx');
    assert(rawMessage.length < 400);
  },
);

Deno.test(
  "parseBootstrap() knows nothing to be wrong with a space in an address",
  { permissions: "none" },
  () => {
    const expected = { version: 2, address: "unix:///run/my folder/s", protocol: "ttrpc" } as const;
    assertEquals(parseBootstrap(encode("unix:///run/my folder/s\n")), expected);
  },
);
