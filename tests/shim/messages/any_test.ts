import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { AnySchema, EmptySchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { OptionsSchema } from "../../../gen/containerd/runc/v1/options_pb.ts";
import { Code } from "../../../src/rpc/code.ts";
import { TtrpcError } from "../../../src/rpc/ttrpc_error.ts";
import { packAny, unpackAny } from "../../../src/shim/messages/any.ts";

const NAME = "containerd.runc.v1.Options";
const VALUE = toBinary(OptionsSchema, create(OptionsSchema, { root: "/run/demo" }));

Deno.test("packAny() names the type by its bare name", { permissions: "none" }, () => {
  const expected = create(AnySchema, { typeUrl: NAME, value: VALUE });
  assertEquals(packAny(OptionsSchema, { root: "/run/demo" }), expected);
  assertEquals(packAny(OptionsSchema, create(OptionsSchema, { root: "/run/demo" })), expected);
  assertEquals(packAny(EmptySchema), create(AnySchema, { typeUrl: "google.protobuf.Empty" }));
});

Deno.test("packAny() refuses a message of another type", { permissions: "none" }, () => {
  const init: MessageInitShape<typeof OptionsSchema> = JSON.parse(
    '{"$typeName":"google.protobuf.Timestamp"}',
  );
  assertThrows(() => packAny(OptionsSchema, init), TypeError, `a ${NAME} is due`);
});

Deno.test("unpackAny() takes every form of a type's name", { permissions: "none" }, () => {
  for (const prefix of ["", "/", "type.googleapis.com/", "https://a.b/c/"]) {
    const any = create(AnySchema, { typeUrl: prefix + NAME, value: VALUE });
    assertEquals(unpackAny(any, OptionsSchema)?.root, "/run/demo", prefix);
  }
});

Deno.test("unpackAny() gives nothing for another type, or nothing", { permissions: "none" }, () => {
  assertEquals(unpackAny(undefined, OptionsSchema), undefined);
  for (const typeUrl of ["", "/", `${NAME}/`, `x${NAME}`, `${NAME}x`, "google.protobuf.Timestamp"]) {
    assertEquals(unpackAny(create(AnySchema, { typeUrl, value: VALUE }), OptionsSchema), undefined, typeUrl);
  }
  assertEquals(unpackAny(packAny(TimestampSchema), OptionsSchema), undefined);
});

Deno.test("unpackAny() says of what type bytes are that can't be decoded", { permissions: "none" }, () => {
  const any = create(AnySchema, { typeUrl: NAME, value: VALUE.subarray(0, 5) });
  const error = assertThrows(() => unpackAny(any, OptionsSchema), TtrpcError);
  assertEquals(error.code, Code.Internal);
  assertStringIncludes(error.rawMessage, `Cannot decode a ${NAME}: `);
});
