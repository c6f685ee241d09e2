import {
  assert,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  equal,
} from "../../vendor/std/assert/mod.ts";
import { concat, equals } from "../../vendor/std/bytes/mod.ts";
import { toArrayBuffer, toText, toTransformStream } from "../../vendor/std/streams/mod.ts";
import { FixedChunkStream } from "../../vendor/std/streams/unstable_fixed_chunk_stream.ts";
import { toBytes } from "../../vendor/std/streams/unstable_to_bytes.ts";

import bytesConfig from "../../vendor/std/bytes/deno.json" with { type: "json" };
import assertConfig from "../../vendor/std/assert/deno.json" with { type: "json" };
import streamsConfig from "../../vendor/std/streams/deno.json" with { type: "json" };

class Point {
  constructor(public x: number) {}
}

class OtherPoint {
  constructor(public x: number) {}
}

function bytes(...values: number[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(values);
}

function cycle(value: number): object {
  const ring: { value: number; self?: object } = { value };
  ring.self = ring;
  return ring;
}

const EQUAL: [name: string, a: unknown, b: unknown][] = [
  ["NaN", NaN, NaN],
  ["bigint", 2n ** 64n, 2n ** 64n],
  ["nested arrays", [1, [2, { a: 3 }]], [1, [2, { a: 3 }]]],
  ["key order", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ["an object without a prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ["bytes of different buffers", bytes(1, 2), bytes(0, 1, 2).subarray(1)],
  ["buffers", bytes(1, 2).buffer, bytes(1, 2).buffer],
  ["data views", new DataView(bytes(1).buffer), new DataView(bytes(1).buffer)],
  ["sets in any order", new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 2 }, { a: 1 }])],
  ["maps with objects as keys", new Map([[{ k: 1 }, [1]]]), new Map([[{ k: 1 }, [1]]])],
  ["dates", new Date(5), new Date(5)],
  ["expressions", /a/g, /a/g],
  ["instances", new Point(1), new Point(1)],
  ["errors", new TypeError("a", { cause: 1 }), new TypeError("a", { cause: 1 })],
  ["cycles", cycle(1), cycle(1)],
];

const UNEQUAL: [name: string, a: unknown, b: unknown][] = [
  ["-0 and 0", -0, 0],
  ["null and undefined", null, undefined],
  ["1 and 1n", 1, 1n],
  ["a missing and an undefined property", {}, { a: undefined }],
  ["a hole and undefined", new Array(1), [undefined]],
  ["lengths", [1], [1, 2]],
  ["an array and an object", [], {}],
  ["bytes", bytes(1, 2), bytes(1, 3)],
  ["kinds of typed array", bytes(1), Int8Array.of(1)],
  ["sets", new Set([1, 2]), new Set([1, 3])],
  ["sets with one partner for two", new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 1 }, { a: 1 }])],
  ["maps", new Map([["a", 1]]), new Map([["a", 2]])],
  ["dates", new Date(5), new Date(6)],
  ["expressions", /a/g, /a/i],
  ["classes", new Point(1), new OtherPoint(1)],
  ["messages of errors", new Error("a"), new Error("b")],
  ["promises", Promise.resolve(1), Promise.resolve(1)],
  ["symbol keys", { [Symbol.iterator]: 1 }, { [Symbol.iterator]: 2 }],
  ["cycles", cycle(1), cycle(2)],
];

Deno.test("equal() finds what is equal in depth", () => {
  for (const [name, a, b] of EQUAL) {
    assert(equal(a, b), name);
    assertEquals(a, b);
    assertThrows(() => assertNotEquals(a, b), AssertionError);
  }
});

Deno.test("equal() finds what differs in depth", () => {
  for (const [name, a, b] of UNEQUAL) {
    assert(!equal(a, b), name);
    assert(!equal(b, a), name);
    assertNotEquals(a, b);
  }
});

Deno.test("assertEquals() tells -0 from 0", () => {
  assertThrows(() => assertEquals(-0, 0), AssertionError, "not equal");
});

Deno.test("assertEquals() shows the lines that differ and the caller's words", () => {
  const { message } = assertThrows(
    () => assertEquals({ a: 1, list: [1, 2, 3] }, { a: 1, list: [1, 5, 3] }, "at the end"),
    AssertionError,
    "at the end",
  );
  assertMatch(message, /- +2,/);
  assertMatch(message, /\+ +5,/);
});

Deno.test("assertEquals() keeps the message about a large difference short", () => {
  const { message } = assertThrows(
    () => assertEquals(new Uint8Array(5000), new Uint8Array(5000).fill(1)),
    AssertionError,
  );
  assertLess(message.split("\n").length, 100);
});

Deno.test("assertStrictEquals() wants the same object", () => {
  const point = new Point(1);
  assertStrictEquals(point, point);
  assertThrows(() => assertStrictEquals(new Point(1), new Point(1)), AssertionError);
});

Deno.test("assertThrows() checks class and message, and returns the error", () => {
  const error = new RangeError("Too far: 9");
  const throws = () => {
    throw error;
  };
  assertStrictEquals(assertThrows(throws), error);
  assertStrictEquals(assertThrows(throws, RangeError, "Too far"), error);
  assertThrows(() => assertThrows(throws, TypeError), AssertionError, "TypeError");
  assertThrows(() => assertThrows(throws, RangeError, "Too near"), AssertionError, "Too near");
  assertThrows(() => assertThrows(() => {}), AssertionError, "to throw");
});

Deno.test("assertRejects() wants a rejected promise, not an exception", async () => {
  const error = new RangeError("Too far: 9");
  assertStrictEquals(await assertRejects(() => Promise.reject(error), RangeError, "far"), error);
  await assertRejects(
    () => assertRejects(() => Promise.reject(error), TypeError),
    AssertionError,
    "TypeError",
  );
  await assertRejects(() => assertRejects(() => Promise.resolve()), AssertionError, "to reject");
  const throws = () => {
    throw error;
  };
  await assertRejects(() => assertRejects(throws), AssertionError, "threw");
});

Deno.test("assertInstanceOf(), assertExists() and the others pass or throw an AssertionError", () => {
  assertInstanceOf(new Point(1), Point);
  assertExists(0);
  assertStringIncludes("frame", "ram");
  assertGreater(2, 1);
  assertGreaterOrEqual(2, 2);
  assertLess(1n, 2n);
  assertLessOrEqual(2, 2);
  const failing = [
    () => assert(0, "zero"),
    () => assertInstanceOf(new Point(1), OtherPoint),
    () => assertExists(null),
    () => assertStringIncludes("frame", "x"),
    () => assertMatch("frame", /x/),
    () => assertGreater(2, 2),
    () => assertGreaterOrEqual(1, 2),
    () => assertLess(2, 2),
    () => assertLessOrEqual(3, 2),
  ];
  for (const assertion of failing) assertThrows(assertion, AssertionError);
});

Deno.test("concat() joins and copies", () => {
  const one = bytes(1, 2);
  const joined = concat([one, bytes(), bytes(3)]);
  assertEquals(joined, bytes(1, 2, 3));
  one[0] = 9;
  assertEquals(joined[0], 1);
  assertEquals(concat([]), bytes());
});

Deno.test("equals() compares bytes", () => {
  assert(equals(bytes(1, 2), bytes(1, 2)));
  assert(!equals(bytes(1, 2), bytes(1)));
});

Deno.test("toBytes() and toArrayBuffer() read to the end", async () => {
  const stream = () => ReadableStream.from([bytes(1, 2), bytes(), bytes(3)]);
  assertEquals(await toBytes(stream()), bytes(1, 2, 3));
  assertEquals(await toArrayBuffer(stream()), bytes(1, 2, 3).buffer);
});

Deno.test("toText() joins characters cut between chunks", async () => {
  const text = new TextEncoder().encode("aé");
  assertEquals(await toText(ReadableStream.from([text.subarray(0, 2), text.subarray(2)])), "aé");
  assertEquals(await toText(ReadableStream.from(["a", "b"])), "ab");
});

Deno.test("FixedChunkStream cuts evenly and keeps the rest", async () => {
  const chunks = ReadableStream.from([bytes(1), bytes(2, 3, 4, 5), bytes(), bytes(6, 7)])
    .pipeThrough(new FixedChunkStream(2));
  assertEquals(await Array.fromAsync(chunks), [bytes(1, 2), bytes(3, 4), bytes(5, 6), bytes(7)]);
});

Deno.test("toTransformStream() yields what the generator yields", async () => {
  const doubled = ReadableStream.from([1, 2, 3]).pipeThrough(
    toTransformStream(async function* (source: ReadableStream<number>) {
      for await (const value of source) yield value * 2;
    }),
  );
  assertEquals(await Array.fromAsync(doubled), [2, 4, 6]);
});

Deno.test("toTransformStream() passes the generator's error to the reader", async () => {
  const broken = ReadableStream.from([1]).pipeThrough(
    toTransformStream(async function* (source: ReadableStream<number>) {
      yield* source;
      throw new RangeError("Broken");
    }),
  );
  await assertRejects(() => Array.fromAsync(broken), RangeError, "Broken");
});

Deno.test("toTransformStream() cancels the source when the reader leaves", async () => {
  let left = false;
  const source = new ReadableStream<number>({
    pull: (controller) => controller.enqueue(1),
    cancel: () => void (left = true),
  });
  const piped = source.pipeThrough(
    toTransformStream(async function* (values: ReadableStream<number>) {
      yield* values;
    }),
  );
  for await (const _ of piped) break;
  assert(left);
});

Deno.test("exports of the stand-ins name files that load", async () => {
  const configs = { assert: assertConfig, bytes: bytesConfig, streams: streamsConfig };
  for (const [folder, { name, exports }] of Object.entries(configs)) {
    assertEquals(name, `@std/${folder}`);
    for (const file of Object.values(exports)) {
      const module = await import(new URL(`../../vendor/std/${folder}/${file}`, import.meta.url).href);
      assertGreater(Object.keys(module).length, 0, file);
    }
  }
});
