import { create, toBinary } from "@bufbuild/protobuf";
import { concat } from "@std/bytes";
import { assert, assertEquals, assertGreater, assertStrictEquals, assertThrows } from "@std/assert";
import { ResponseSchema } from "../../gen/ttrpc/envelope_pb.ts";
import {
  decodeResponse,
  encodeResponse,
  type ResponseEnvelope,
  type Status,
} from "../../src/wire/response_envelope.ts";
import { type Random, withRandom } from "../random.ts";
import { assertAgreement, assertAgreementOnBeginnings, type Comparison, mutate } from "./assert_agreement.ts";
import { disorder, randomBytes, randomInt64, randomText } from "./random_fields.ts";

const PURE = { permissions: "none" } as const;

const RESPONSE: Comparison<typeof ResponseSchema, ResponseEnvelope> = {
  schema: ResponseSchema,
  decode: decodeResponse,
  toPlain({ status, payload }) {
    if (status === undefined) return { payload };
    const { code, message } = status;
    const details = status.details.map(({ typeUrl, value }) => ({ typeUrl, value }));
    return { status: { code, message, details }, payload };
  },
};

const NO_PAYLOAD = new Uint8Array(0);

function randomResponse(random: Random): ResponseEnvelope {
  const payload = randomBytes(random);
  if (random.oneIn(3)) return { payload };
  const code = Number(BigInt.asIntN(32, randomInt64(random)));
  const details = Array.from({ length: random.below(3) }, () => ({
    typeUrl: randomText(random),
    value: randomBytes(random),
  }));
  return { status: { code, message: randomText(random), details }, payload };
}

/** What protobuf-es encodes. */
function reference(response: ResponseEnvelope): Uint8Array {
  return toBinary(ResponseSchema, create(ResponseSchema, response));
}

Deno.test("[E1] encodeResponse() writes a status that is there, and what is not a default", PURE, () => {
  const detail = { typeUrl: "a/B", value: new Uint8Array([7]) };
  const failure: Status = { code: 5, message: "no", details: [detail] };
  const responses: [response: ResponseEnvelope, hex: string][] = [
    [{ payload: new Uint8Array([8, 1]) }, "12020801"],
    [{ status: { code: 0, message: "", details: [] }, payload: new Uint8Array([8, 1]) }, "0a00 12020801"],
    [{ status: failure, payload: NO_PAYLOAD }, "0a10 0805 12026e6f 1a080a03612f42120107"],
  ];
  for (const [response, hex] of responses) {
    const bytes = Uint8Array.fromHex(hex.replaceAll(" ", ""));
    assertEquals(encodeResponse(response), bytes, hex);
    assertEquals(decodeResponse(bytes), response, hex);
  }
});

Deno.test(
  "[E1] encodeResponse() and decodeResponse() agree with protobuf-es on random Responses",
  PURE,
  () =>
    withRandom((random) => {
      for (let i = 0; i < 300; i++) {
        const response = randomResponse(random);
        const bytes = reference(response);
        assertEquals(encodeResponse(response), bytes);
        assertEquals(decodeResponse(bytes), response);
      }
    }),
);

Deno.test("[E3] decodeResponse() takes no bytes for a success without payload", PURE, () => {
  assertEquals(decodeResponse(NO_PAYLOAD), { payload: NO_PAYLOAD });
  assertEquals(encodeResponse({ payload: NO_PAYLOAD }), NO_PAYLOAD);
  assertEquals(encodeResponse({ status: undefined, payload: NO_PAYLOAD }), NO_PAYLOAD);
});

Deno.test("[E4] decodeResponse() keeps every code as it is", PURE, () => {
  const codes: [hex: string, code: number][] = [
    ["0a00", 0],
    ["0a0212 00", 0],
    ["0a02 0800", 0],
    ["0a02 0801", 1],
    ["0a03 08e724", 4711],
    ["0a0b 08ffffffffffffffffff01", -1],
    ["0a06 08ffffffff07", 2 ** 31 - 1],
    ["0a0b 0880808080f8ffffffff01", -(2 ** 31)],
  ];
  for (const [hex, code] of codes) {
    const body = Uint8Array.fromHex(hex.replace(" ", ""));
    const status: Status = { code, message: "", details: [] };
    assertEquals(decodeResponse(body), { status, payload: NO_PAYLOAD }, hex);
    if (code !== 0) assertEquals(encodeResponse({ status, payload: NO_PAYLOAD }), body, hex);
  }
});

Deno.test(
  "[E2] decodeResponse() takes fields in any order, and unknown ones between them",
  PURE,
  () =>
    withRandom((random) => {
      for (let i = 0; i < 50; i++) {
        const { status, payload } = randomResponse(random);
        const fields = [encodeResponse({ status, payload: NO_PAYLOAD }), encodeResponse({ payload })];
        const bytes = disorder(fields, random);
        assert(assertAgreement(RESPONSE, bytes));
        assertEquals(decodeResponse(bytes).payload, payload);
      }
    }),
);

Deno.test("[E2] decodeResponse() merges a status that stands twice, and takes the last payload", PURE, () => {
  const detail = { typeUrl: "a/b.C", value: new Uint8Array([1]) };
  const parts: ResponseEnvelope[] = [
    { status: { code: 5, message: "first", details: [detail] }, payload: new Uint8Array(9) },
    { status: { code: 0, message: "last", details: [detail] }, payload: new Uint8Array(1) },
  ];
  const bytes = concat(parts.map(encodeResponse));
  assertEquals(decodeResponse(bytes), {
    status: { code: 5, message: "last", details: [detail, detail] },
    payload: new Uint8Array(1),
  });
  assert(assertAgreement(RESPONSE, bytes));
});

Deno.test("[E2] decodeResponse() passes over a known number with another type", PURE, () => {
  const bytes = Uint8Array.fromHex("0d00000000" + "1005" + "0a07" + "0a0161" + "1000" + "1801");
  const status: Status = { code: 0, message: "", details: [] };
  assertEquals(decodeResponse(bytes), { status, payload: NO_PAYLOAD });
});

Deno.test("decodeResponse() refuses text that is no UTF-8", PURE, () => {
  for (const hex of ["0a031201ff", "0a051a030a01ff"]) {
    assertThrows(() => decodeResponse(Uint8Array.fromHex(hex)), TypeError);
  }
});

Deno.test("decodeResponse() gives views of the body", PURE, () => {
  const detail = { typeUrl: "", value: new Uint8Array(2) };
  const body = encodeResponse({
    status: { code: 1, message: "", details: [detail] },
    payload: new Uint8Array(3),
  });
  const { status, payload } = decodeResponse(body);
  assertStrictEquals(payload.buffer, body.buffer);
  assertStrictEquals(status?.details[0]?.value.buffer, body.buffer);
});

Deno.test(
  "decodeResponse() agrees with protobuf-es on every beginning of a Response",
  PURE,
  () =>
    withRandom((random) => {
      const details = [{ typeUrl: "a/b.C", value: random.bytes(20) }, { typeUrl: "ü", value: NO_PAYLOAD }];
      const status = { code: random.pick([5, -1, 4711]), message: randomText(random), details };
      assertAgreementOnBeginnings(
        RESPONSE,
        disorder([encodeResponse({ status, payload: random.bytes(9) })], random),
      );
    }),
);

Deno.test(
  "decodeResponse() agrees with protobuf-es on Responses with wrong bytes",
  PURE,
  () =>
    withRandom((random) => {
      let taken = 0;
      for (let i = 0; i < 3000; i++) {
        const details = [{ typeUrl: "a/b.C", value: random.bytes(2) }];
        const code = Number(BigInt.asIntN(32, randomInt64(random)));
        const response = { status: { code, message: "nö", details }, payload: random.bytes(3) };
        if (assertAgreement(RESPONSE, mutate(disorder([encodeResponse(response)], random), random))) taken++;
      }
      assertGreater(taken, 300);
      assertGreater(3000 - taken, 300);
    }),
);
