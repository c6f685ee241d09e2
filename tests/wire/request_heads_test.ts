import { assertEquals, assertGreater } from "@std/assert";
import { concat } from "@std/bytes";
import {
  decodeRequest,
  decodeRequestAfter,
  encodeRequest,
  encodeRequestHead,
  type RequestHead,
} from "../../src/wire/request_envelope.ts";
import { RequestHeads } from "../../src/wire/request_heads.ts";
import { withRandom } from "../random.ts";
import { mutate } from "./assert_agreement.ts";
import { UNKNOWN_FIELDS } from "./random_fields.ts";

const PURE = { permissions: "none" } as const;

function headsOf(names: Iterable<readonly [service: string, method: string]>): RequestHeads<RequestHead> {
  const heads = new RequestHeads<RequestHead>();
  for (const [service, method] of names) {
    const head = encodeRequestHead(service, method);
    heads.add(head, head);
  }
  return heads;
}

function requestOf(service: string, method: string, payload = new Uint8Array([7])): Uint8Array {
  return encodeRequest({ service, method, payload, timeoutNanos: 1n, metadata: [["k", "v"]] });
}

Deno.test("RequestHeads.find() finds each method that was added, and no other one", PURE, () => {
  const lengths = [1, 2, 126, 127, 128, 129, 255, 256, 300, 16_383];
  const names = lengths.flatMap((service) => {
    return lengths.map((method) => ["s".repeat(service), "m".repeat(method)] as const);
  });
  const heads = headsOf(names);
  for (const [service, method] of names) {
    assertEquals(heads.find(encodeRequestHead(service, method).bytes)?.method, method);
    const found = heads.find(requestOf(service, method));
    assertEquals([found?.service, found?.method], [service, method]);
    assertEquals(heads.find(requestOf(`S${service.slice(1)}`, method)), undefined);
    assertEquals(heads.find(requestOf(service, `${method.slice(1)}M`)), undefined);
    assertEquals(heads.find(requestOf(service, `${method}M`)), undefined);
  }
  assertEquals(headsOf([]).find(requestOf("s", "m")), undefined);
});

Deno.test("RequestHeads.find() tells methods apart whose bytes have the same hash", PURE, () => {
  // `31 * hash + byte` makes the same of "Aa" and "BB".
  const words = Array.from(
    { length: 64 },
    (_, bits) => Array.from({ length: 6 }, (_, bit) => (bits >> bit) % 2 === 1 ? "Aa" : "BB").join(""),
  );
  const [unknown = "", ...known] = words;
  const heads = headsOf(known.map((word) => [word, "M"]));
  for (const word of known) assertEquals(heads.find(requestOf(word, "M"))?.service, word);
  assertEquals(heads.find(requestOf(unknown, "M")), undefined);
});

Deno.test("RequestHeads.find() leaves names that are encoded in another way to be decoded", PURE, () => {
  const heads = headsOf([["a.A", "M"]]);
  const usual = "0a03612e41 12014d";
  assertEquals(heads.find(fromHex(usual))?.method, "M");
  const unusual = [
    ["another order", "12014d 0a03612e41"],
    ["a payload first", `1a0107 ${usual}`],
    ["a payload between", "0a03612e41 1a0107 12014d"],
    ["a service twice", "0a03612e41 0a03612e41 12014d"],
    ["a long tag", "8a0003612e41 12014d"],
    ["a long tag of the method", "0a03612e41 9200014d"],
    ["a long length", "0a8300612e41 12014d"],
    ["a longer length", "0a838000612e41 12014d"],
    ["a long length of the method", "0a03612e41 1281004d"],
    ...UNKNOWN_FIELDS.flatMap((field) => [
      [`${field.toHex()} before`, field.toHex() + usual],
      [`${field.toHex()} between`, `0a03612e41 ${field.toHex()} 12014d`],
    ]),
  ];
  for (const [about, hex = ""] of unusual) {
    assertEquals(heads.find(fromHex(hex)), undefined, about);
    const { service, method } = decodeRequest(fromHex(hex));
    assertEquals([service, method], ["a.A", "M"], about);
  }
});

Deno.test("RequestHeads.find() finds nothing in what is cut short, and what is longer than all", PURE, () => {
  const heads = headsOf([["a.A", "Method"], ["a.A", "Me"]]);
  const { bytes } = encodeRequestHead("a.A", "Method");
  // Memory behind a body is none of it, even where it holds the rest.
  for (let length = 0; length < bytes.length; length++) {
    assertEquals(heads.find(bytes.subarray(0, length)), undefined);
  }
  const long = ["0affffffff0f", "0aff7f61", "0a03612e4112ff7f4d", "0a03612e4112ffffffffffffffffff01"];
  for (const hex of long) assertEquals(heads.find(fromHex(hex)), undefined, hex);
});

Deno.test(
  "RequestHeads.find() finds nothing that decoding does not agree with",
  PURE,
  () =>
    withRandom((random) => {
      type Names = [service: string, method: string];
      const names: [Names, ...Names[]] = [["a.A", "M"], ["a.A", "N"], ["a.B", "M"], ["b", "MN"], ["b", "Mü"]];
      const heads = headsOf(names);
      let found = 0;
      for (let i = 0; i < 3000; i++) {
        const first = requestOf(...random.pick(names), random.bytes(3));
        const body = mutate(
          random.oneIn(2) ? first : concat([first, requestOf(...random.pick(names))]),
          random,
        );
        const head = heads.find(body);
        if (head !== undefined) found++;
        assertEquals(outcome(() => decodeRequestAfter(head, body)), outcome(() => decodeRequest(body)));
      }
      assertGreater(found, 300);
      assertGreater(3000 - found, 300);
    }),
);

function fromHex(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex.replaceAll(" ", ""));
}

function outcome(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    return String(error);
  }
}
