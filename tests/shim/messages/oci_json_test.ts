import { create } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { assertEquals, assertThrows } from "@std/assert";
import { Code } from "../../../src/rpc/code.ts";
import { TtrpcError } from "../../../src/rpc/ttrpc_error.ts";
import { ociKindOf, packJson, unpackJson } from "../../../src/shim/messages/oci_json.ts";

const NAME = "opencontainers/runtime-spec/1/";
const FORMS = [`types.containerd.io/${NAME}`, NAME, `/${NAME}`, `type.googleapis.com/${NAME}`];

function pack(typeUrl: string, text: string) {
  return create(AnySchema, { typeUrl, value: new TextEncoder().encode(text) });
}

Deno.test("packJson() writes JSON, with containerd's name for the kind", { permissions: "none" }, () => {
  const process = packJson("Process", { cwd: "/", args: ["ä"], mine: [1] });
  assertEquals(process, pack(`${FORMS[0]}Process`, '{"cwd":"/","args":["ä"],"mine":[1]}'));
  assertEquals(packJson("LinuxResources", {}), pack(`${FORMS[0]}LinuxResources`, "{}"));
  assertEquals(packJson("Spec", { ociVersion: "1.0.2" }), pack(`${FORMS[0]}Spec`, '{"ociVersion":"1.0.2"}'));
});

Deno.test("unpackJson() takes every form of a kind's name", { permissions: "none" }, () => {
  for (const form of FORMS) {
    const process = unpackJson(pack(`${form}Process`, '{"cwd":"/","mine":[1]}'), "Process");
    assertEquals(process, { cwd: "/", mine: [1] }, form);
  }
});

Deno.test("unpackJson() gives nothing for another kind, or nothing", { permissions: "none" }, () => {
  assertEquals(unpackJson(undefined, "Spec"), undefined);
  const others = ["Spec", "x/Process", "Processes", "Process/"].map((kind) => FORMS[0] + kind);
  for (const typeUrl of [...others, "Process", "runtime-spec/1/Process", `a/b/${NAME}Process`, ""]) {
    assertEquals(unpackJson(pack(typeUrl, "{}"), "Process"), undefined, typeUrl);
  }
});

Deno.test("unpackJson() refuses what is no object", { permissions: "none" }, () => {
  for (const text of ["", "{", "null", "7", "[]", '"text"']) {
    const error = assertThrows(() => unpackJson(pack(`${FORMS[0]}Spec`, text), "Spec"), TtrpcError);
    assertEquals(error.code, Code.Internal, text);
    assertEquals(error.rawMessage.startsWith("Cannot decode a Spec: "), true, error.rawMessage);
  }
  const invalid = create(AnySchema, { typeUrl: `${FORMS[0]}Spec`, value: Uint8Array.of(0x22, 0xff, 0x22) });
  assertThrows(() => unpackJson(invalid, "Spec"), TtrpcError, "Cannot decode a Spec: ");
});

Deno.test("ociKindOf() tells what of the specification is packed", { permissions: "none" }, () => {
  assertEquals(FORMS.map((form) => ociKindOf(pack(`${form}features/Features`, ""))), [
    "features/Features",
    "features/Features",
    "features/Features",
    "features/Features",
  ]);
  assertEquals(ociKindOf(pack("containerd.runc.v1.Options", "")), undefined);
});
