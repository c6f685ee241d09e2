import { create, toBinary } from "@bufbuild/protobuf";
import { concat } from "@std/bytes";
import { assert, assertEquals, assertGreater, assertStrictEquals, assertThrows } from "@std/assert";
import { RequestSchema } from "../../gen/ttrpc/envelope_pb.ts";
import { NO_BYTES } from "../../src/wire/frame.ts";
import { payloadPrefixBytes, writePayloadPrefix } from "../../src/wire/payload_field.ts";
import {
  decodeRequest,
  decodeRequestAfter,
  encodeRequest,
  encodeRequestHead,
  encodeRequestTail,
  REQUEST_PAYLOAD_FIELD,
  type RequestEnvelope,
} from "../../src/wire/request_envelope.ts";
import { type Random, withRandom } from "../random.ts";
import { assertAgreement, assertAgreementOnBeginnings, type Comparison, mutate } from "./assert_agreement.ts";
import { disorder, randomBytes, randomInt64, randomText } from "./random_fields.ts";

const PURE = { permissions: "none" } as const;

const REQUEST: Comparison<typeof RequestSchema, RequestEnvelope> = {
  schema: RequestSchema,
  decode: decodeRequest,
  toPlain: ({ service, method, payload, timeoutNano, metadata }) => ({
    service,
    method,
    payload,
    timeoutNanos: timeoutNano,
    metadata: metadata.map(({ key, value }) => [key, value]),
  }),
};

const EMPTY: RequestEnvelope = {
  service: "",
  method: "",
  payload: new Uint8Array(0),
  timeoutNanos: 0n,
  metadata: [],
};

function randomRequest(random: Random): RequestEnvelope {
  return {
    service: randomText(random),
    method: randomText(random),
    payload: randomBytes(random),
    timeoutNanos: randomInt64(random),
    metadata: Array.from({ length: random.below(4) }, () => [randomText(random), randomText(random)]),
  };
}

/** What protobuf-es encodes. */
function reference({ service, method, payload, timeoutNanos, metadata }: RequestEnvelope): Uint8Array {
  const pairs = metadata.map(([key, value]) => ({ key, value }));
  return toBinary(
    RequestSchema,
    create(RequestSchema, { service, method, payload, timeoutNano: timeoutNanos, metadata: pairs }),
  );
}

Deno.test("[E1][E5] encodeRequest() writes both names and what is not a default", PURE, () => {
  const requests: [request: Partial<RequestEnvelope>, hex: string][] = [
    [{ service: "a.v1.B", method: "C" }, "0a06612e76312e42 120143"],
    [{ service: "B", method: "C", payload: new Uint8Array([8, 1]) }, "0a0142 120143 1a020801"],
    [{ timeoutNanos: 1n, metadata: [["k", "v"]] }, "2001 2a060a016b120176"],
    [{ timeoutNanos: -1n, metadata: [["", "v"], ["k", ""]] }, "20ffffffffffffffffff01 2a03120176 2a030a016b"],
  ];
  for (const [part, hex] of requests) {
    const request = { ...EMPTY, ...part };
    const bytes = Uint8Array.fromHex(hex.replaceAll(" ", ""));
    assertEquals(encodeRequest(request), bytes, hex);
    assertEquals(decodeRequest(bytes), request, hex);
  }
});

Deno.test(
  "[E1] encodeRequest() and decodeRequest() agree with protobuf-es on random Requests",
  PURE,
  () =>
    withRandom((random) => {
      for (let i = 0; i < 300; i++) {
        const request = randomRequest(random);
        const bytes = reference(request);
        assertEquals(encodeRequest(request), bytes);
        assertEquals(decodeRequest(bytes), request);
      }
    }),
);

Deno.test(
  "[E1] Head, payload and tail make the Request that encodeRequest() makes",
  PURE,
  () =>
    withRandom((random) => {
      for (let i = 0; i < 50; i++) {
        const request = randomRequest(random);
        const prefix = new Uint8Array(payloadPrefixBytes(request.payload.length));
        writePayloadPrefix(prefix, 0, REQUEST_PAYLOAD_FIELD, request.payload.length);
        const parts = [
          encodeRequestHead(request.service, request.method).bytes,
          prefix,
          request.payload,
          encodeRequestTail(request.timeoutNanos, request.metadata),
        ];
        assertEquals(concat(parts), encodeRequest(request));
      }
    }),
);

Deno.test(
  "decodeRequestAfter() decodes what decodeRequest() does, from the names on",
  PURE,
  () =>
    withRandom((random) => {
      for (let i = 0; i < 100; i++) {
        const request = randomRequest(random);
        const head = encodeRequestHead(request.service, request.method);
        const last = encodeRequest({ ...request, service: "last.One", method: "Counts", payload: NO_BYTES });
        for (const body of [encodeRequest(request), concat([encodeRequest(request), last])]) {
          for (const known of [head, undefined]) {
            assertEquals(decodeRequestAfter(known, body), decodeRequest(body));
          }
        }
      }
    }),
);

Deno.test("[E1] encodeRequestTail() has no bytes when there is neither deadline nor metadata", PURE, () => {
  assertEquals(encodeRequestTail(0n, []), new Uint8Array(0));
  // Metadata is a message, which counts even with nothing in it.
  assertEquals(encodeRequestTail(0n, [["", ""]]), new Uint8Array([0x2a, 0]));
});

Deno.test(
  "[E3] decodeRequest() takes no bytes for a Request of defaults, and encodeRequest() gives none",
  PURE,
  () => {
    assertEquals(decodeRequest(new Uint8Array(0)), EMPTY);
    assertEquals(encodeRequest(EMPTY), new Uint8Array(0));
  },
);

Deno.test(
  "[E2] decodeRequest() takes fields in any order, and unknown ones between them",
  PURE,
  () =>
    withRandom((random) => {
      for (let i = 0; i < 50; i++) {
        const { service, method, payload, timeoutNanos, metadata } = randomRequest(random);
        const fields = [{ service }, { method }, { payload }, { timeoutNanos }, {
          metadata: metadata.slice(0, 1),
        }]
          .map((part) => encodeRequest({ ...EMPTY, ...part }));
        const bytes = disorder(fields, random);
        assert(assertAgreement(REQUEST, bytes));
        assertEquals(decodeRequest(bytes).payload, payload);
      }
    }),
);

Deno.test(
  "[E2] decodeRequest() takes the last of a repeated scalar, and every pair of metadata",
  PURE,
  () => {
    const first = { ...EMPTY, service: "a", method: "b", payload: new Uint8Array(2), timeoutNanos: 9n };
    const last: RequestEnvelope = {
      ...EMPTY,
      service: "c",
      timeoutNanos: -1n,
      metadata: [["k", "1"], ["k", "2"]],
    };
    // A default that stands there counts too.
    const bytes = concat([encodeRequest(first), encodeRequest(last), new Uint8Array([0x1a, 0])]);
    assertEquals(decodeRequest(bytes), { ...last, method: "b" });
  },
);

Deno.test(
  "[E2] decodeRequest() takes a pair without key or value, and the last of what stands twice",
  PURE,
  () => {
    const pairs = ["2a00", "2a0312 0176", "2a030a016b", "2a 0e 0a0161 0a016b 120175 3a00 120176"];
    assertEquals(decodeRequest(Uint8Array.fromHex(pairs.join("").replaceAll(" ", ""))).metadata, [
      ["", ""],
      ["", "v"],
      ["k", ""],
      ["k", "v"],
    ]);
  },
);

Deno.test("[E2] decodeRequest() passes over a known number with another type", PURE, () => {
  const bytes = Uint8Array.fromHex("0805" + "1100000000000000ff" + "1b1c" + "220161" + "2d00000000");
  assertEquals(decodeRequest(bytes), EMPTY);
});

Deno.test("decodeRequest() refuses text that is no UTF-8", PURE, () => {
  for (const hex of ["0a01ff", "1201ff", "2a030a01ff", "2a031201ff"]) {
    assertThrows(() => decodeRequest(Uint8Array.fromHex(hex)), TypeError);
  }
});

Deno.test("decodeRequest() gives a payload that is a view of the body", PURE, () => {
  const body = encodeRequest({ ...EMPTY, payload: new Uint8Array(3) });
  assertStrictEquals(decodeRequest(body).payload.buffer, body.buffer);
});

Deno.test(
  "decodeRequest() agrees with protobuf-es on every beginning of a Request",
  PURE,
  () =>
    withRandom((random) => {
      const { service, method, timeoutNanos } = randomRequest(random);
      const metadata: [string, string][] = [["key", "value"], ["", "ü"]];
      const known = encodeRequest({ service, method, payload: random.bytes(130), timeoutNanos, metadata });
      assertAgreementOnBeginnings(REQUEST, disorder([known], random));
    }),
);

Deno.test(
  "decodeRequest() agrees with protobuf-es on Requests with wrong bytes",
  PURE,
  () =>
    withRandom((random) => {
      let taken = 0;
      for (let i = 0; i < 3000; i++) {
        const request = { ...randomRequest(random), service: "a.A", method: "Mü", payload: random.bytes(4) };
        request.metadata = [["key", "value"]];
        if (assertAgreement(REQUEST, mutate(disorder([encodeRequest(request)], random), random))) taken++;
      }
      assertGreater(taken, 300);
      assertGreater(3000 - taken, 300);
    }),
);

Deno.test("[E6] decodeRequest() refuses more than 4096 pairs of metadata", PURE, () => {
  const empty = (pairs: number) => new Uint8Array(2 * pairs).map((_, i) => i % 2 === 0 ? 0x2a : 0);
  assertEquals(decodeRequest(empty(4096)).metadata.length, 4096);
  assertThrows(() => decodeRequest(empty(4097)), Error, "More than 4096 metadata pairs");
});
