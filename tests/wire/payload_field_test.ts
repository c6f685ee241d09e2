import { assertEquals } from "@std/assert";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { MAX_BODY_BYTES } from "../../src/wire/frame.ts";
import { payloadPrefixBytes, writePayloadPrefix } from "../../src/wire/payload_field.ts";
import { REQUEST_PAYLOAD_FIELD } from "../../src/wire/request_envelope.ts";
import { RESPONSE_PAYLOAD_FIELD } from "../../src/wire/response_envelope.ts";

const PURE = { permissions: "none" } as const;

Deno.test("writePayloadPrefix() writes tag and length, as long as payloadPrefixBytes() says", PURE, () => {
  for (const field of [REQUEST_PAYLOAD_FIELD, RESPONSE_PAYLOAD_FIELD]) {
    for (const length of [1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, MAX_BODY_BYTES]) {
      const out = new Uint8Array(10);
      const end = writePayloadPrefix(out, 2, field, length);
      assertEquals(out.subarray(2, end), new BinaryWriter().tag(field, 2).uint32(length).finish());
      assertEquals(end - 2, payloadPrefixBytes(length));
    }
  }
});

Deno.test("[E1] writePayloadPrefix() leaves an empty payload out", PURE, () => {
  const out = new Uint8Array(4);
  assertEquals(writePayloadPrefix(out, 2, REQUEST_PAYLOAD_FIELD, 0), 2);
  assertEquals(out, new Uint8Array(4));
  assertEquals(payloadPrefixBytes(0), 0);
});
