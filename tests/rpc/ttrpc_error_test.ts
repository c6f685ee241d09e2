import { create, toBinary } from "@bufbuild/protobuf";
import { AnySchema, anyUnpack, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  CountRequestSchema,
  HelloRequestSchema,
  MissingFieldSchema,
} from "../../gen/greeter/v1/greeter_pb.ts";
import { Code } from "../../src/rpc/code.ts";
import { type ErrorDetail, isUnimplemented, TtrpcError } from "../../src/rpc/ttrpc_error.ts";

const GOOD = toBinary(MissingFieldSchema, create(MissingFieldSchema, { field: "name" }));
/** The tag of a string field with nothing behind it. */
const MALFORMED = new Uint8Array([0x0a]);

function detail(typeUrl: string, value = GOOD): ErrorDetail {
  return { typeUrl, value };
}

Deno.test("TtrpcError has the code's name before its message", { permissions: "none" }, () => {
  const error = new TtrpcError("no such thing", Code.NotFound);
  assertEquals(error.message, "[not_found] no such thing");
  assertEquals(error.rawMessage, "no such thing");
  assertEquals(error.code, Code.NotFound);
  assertEquals(error.details, []);
  assertEquals(error.requestSent, true);
  assertEquals("cause" in error, false);
  assertEquals(String(error), "TtrpcError: [not_found] no such thing");
  assert(error instanceof Error);
});

Deno.test("TtrpcError has code 2 unless told otherwise", { permissions: "none" }, () => {
  const cause = new Error("deeper");
  const error = new TtrpcError("", undefined, { cause, requestSent: false });
  assertEquals([error.code, error.message, error.requestSent], [2, "[unknown] ", false]);
  assertStrictEquals(error.cause, cause);
  assert("cause" in new TtrpcError("", Code.Unknown, { cause: undefined }));
});

Deno.test("TtrpcError refuses 0 and what is no int32 as code", { permissions: "none" }, () => {
  for (const code of [0, -0, 1.5, NaN, Infinity, 2 ** 31, -(2 ** 31) - 1]) {
    assertThrows(() => new TtrpcError("x", code), RangeError, "not a whole number of 32 bits other than 0");
  }
});

Deno.test("[E4] TtrpcError keeps unknown codes", { permissions: "none" }, () => {
  for (const code of [-1, 17, 4711, 2 ** 31 - 1, -(2 ** 31)]) {
    const error = new TtrpcError("x", code);
    assertEquals([error.code, error.message], [code, `[code ${code}] x`]);
  }
});

Deno.test("TtrpcError encodes details, given by fields or as a message", { permissions: "none" }, () => {
  const { details } = new TtrpcError("x", Code.InvalidArgument, {
    details: [
      { desc: MissingFieldSchema, value: { field: "name" } },
      { desc: MissingFieldSchema, value: create(MissingFieldSchema, { field: "name" }) },
    ],
  });
  assertEquals(details, [
    detail("type.googleapis.com/greeter.v1.MissingField"),
    detail("type.googleapis.com/greeter.v1.MissingField"),
  ]);
});

Deno.test("TtrpcError passes a google.protobuf.Any on as it is", { permissions: "none" }, () => {
  const any = create(AnySchema, { typeUrl: "example.com/unknown.Type", value: MALFORMED });
  const error = new TtrpcError("x", Code.Aborted, {
    details: new Set([detail("greeter.v1.MissingField"), any]),
  });
  assertEquals(error.details, [
    { typeUrl: "greeter.v1.MissingField", value: GOOD },
    { typeUrl: "example.com/unknown.Type", value: MALFORMED },
  ]);
  const again = new TtrpcError(error.rawMessage, error.code, { details: error.details });
  assertEquals(again.details, error.details);
  assertEquals(anyUnpack(create(AnySchema, error.details[0]), MissingFieldSchema)?.field, "name");
});

Deno.test("TtrpcError.findDetails() gives those of one type in their order", { permissions: "none" }, () => {
  const second = toBinary(MissingFieldSchema, create(MissingFieldSchema, { field: "second" }));
  const error = new TtrpcError("x", Code.Aborted, {
    details: [
      detail("type.googleapis.com/greeter.v1.MissingField"),
      detail("type.googleapis.com/greeter.v1.HelloRequest"),
      detail("type.googleapis.com/v1.MissingField"),
      detail("type.googleapis.com/other.greeter.v1.MissingField"),
      detail("a/b/greeter.v1.MissingField", second),
      detail("greeter.v1.MissingField", new Uint8Array(0)),
    ],
  });
  assertEquals(error.findDetails(MissingFieldSchema).map(({ field }) => field), ["name", "second", ""]);
  assertEquals(error.findDetails(HelloRequestSchema).map(({ name }) => name), ["name"]);
  assertEquals(error.findDetails(StringValueSchema), []);
});

Deno.test("TtrpcError.findDetails() leaves malformed details out", { permissions: "none" }, () => {
  const details = [
    detail("type.googleapis.com/greeter.v1.MissingField", MALFORMED),
    detail("type.googleapis.com/greeter.v1.MissingField"),
  ];
  const error = new TtrpcError("x", Code.Aborted, { details });
  assertEquals(error.findDetails(MissingFieldSchema).map(({ field }) => field), ["name"]);
  assertEquals(error.details, details);
});

Deno.test("TtrpcError throws at once for a detail that can't be encoded", { permissions: "none" }, () => {
  const details = [{ desc: CountRequestSchema, value: { n: -1 } }];
  assertThrows(() => new TtrpcError("x", Code.Aborted, { details }), Error, "CountRequest.n");
});

Deno.test("TtrpcError.from() gives a TtrpcError back as it is", { permissions: "none" }, () => {
  const error = new TtrpcError("x", Code.Aborted);
  assertStrictEquals(TtrpcError.from(error, Code.Internal), error);
});

const REASONS: [reason: unknown, message: string][] = [
  [new Error("of an error"), "of an error"],
  [new DOMException("of the platform", "AbortError"), "of the platform"],
  ["a string", "a string"],
  [undefined, "undefined"],
  [null, "null"],
  [7n, "7"],
  [Symbol("s"), "Symbol(s)"],
  [{}, "[object Object]"],
  [Object.create(null), "Something was thrown that has no message"],
  [Object.assign(new Error(), { message: 7 }), "7"],
];

Deno.test("TtrpcError.from() makes an error of whatever was thrown", { permissions: "none" }, () => {
  for (const [reason, message] of REASONS) {
    const error = TtrpcError.from(reason);
    assertEquals([error.rawMessage, error.code], [message, Code.Unknown]);
    assertStrictEquals(error.cause, reason);
    assertEquals(TtrpcError.from(reason, Code.Internal).code, Code.Internal);
  }
});

const UNIMPLEMENTED: [by: string, code: number, message: string, expected: boolean][] = [
  ["Go and this module", 12, "service interop.v1.Nobody", true],
  ["Go and this module", 12, "method Nothing", true],
  ["Rust, async", 3, "interop.v1.Nobody service does not exist", true],
  ["Rust, sync", 3, "/interop.v1.Nobody/Echo does not exist", true],
  ["Rust, no implementation", 5, "/interop.v1.Interop/Sum is not supported", true],
  ["Go 1.0", 5, "service interop.v1.Nobody", true],
  ["Go 1.0", 5, "method Nothing", true],
  ["a handler", 3, "the file a.txt does not exist", false],
  ["a handler", 3, "service interop.v1.Nobody", false],
  ["a handler", 5, "service nginx not found", false],
  ["a handler", 5, "container 17: not found", false],
  ["a handler", 5, "interop.v1.Nobody service does not exist", false],
  ["a handler", 5, "the format is not supported", false],
  ["a handler", 2, "method Nothing", false],
];

Deno.test("[P3] isUnimplemented() knows how peers say so", { permissions: "none" }, () => {
  for (const [by, code, message, expected] of UNIMPLEMENTED) {
    assertEquals(isUnimplemented(new TtrpcError(message, code)), expected, `${by}: ${code} ${message}`);
  }
  assertEquals(isUnimplemented(new Error("method Nothing")), false);
  assertEquals(isUnimplemented(undefined), false);
});
