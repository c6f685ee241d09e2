import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { Code } from "../../src/rpc/code.ts";
import { iterateOver, justOne, type MessageSource, onlyMessage } from "../../src/rpc/message_source.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";

const PURE = { permissions: "none" } as const;

Deno.test("iterateOver() takes the asynchronous iterator where there are both", PURE, () => {
  const [iterator, asyncIterator] = [[1].values(), justOne(1)];
  assertStrictEquals(iterateOver({ [Symbol.iterator]: () => iterator }), iterator);
  const both = { [Symbol.iterator]: () => iterator, [Symbol.asyncIterator]: () => asyncIterator };
  assertStrictEquals(iterateOver(both), asyncIterator);
});

for (const source of [undefined, null, 7, "text", {}]) {
  Deno.test(`iterateOver() refuses ${JSON.stringify(source)}`, PURE, () => {
    // A program in JavaScript may do as it likes.
    assertThrows(() => iterateOver(source as never), TypeError, "their source is not iterable");
  });
}

Deno.test("onlyMessage() reads a source to its end", PURE, async () => {
  const log: string[] = [];
  async function* source() {
    yield 7;
    log.push("ends");
  }
  assertEquals(await onlyMessage(source()), 7);
  assertEquals(log, ["ends"]);
});

const WRONG: [found: string, source: MessageSource<unknown>][] = [
  ["none", []],
  ["none", [undefined]],
  ["more than one", [1, 2]],
];

for (const [found, source] of WRONG) {
  Deno.test(`onlyMessage() refuses a source of ${JSON.stringify(source)}`, PURE, async () => {
    const error = await assertRejects(() => onlyMessage(source), TtrpcError);
    assertEquals(error.rawMessage, `Cannot take messages: ${found} where one is due`);
    assertEquals(error.code, Code.Internal);
  });
}

Deno.test("onlyMessage() leaves a source at its second message", PURE, async () => {
  const log: number[] = [];
  function* source() {
    try {
      for (let i = 1;; i++) {
        log.push(i);
        yield i;
      }
    } finally {
      log.push(0);
    }
  }
  await assertRejects(() => onlyMessage(source()), TtrpcError, "more than one");
  assertEquals(log, [1, 2, 0]);
});

Deno.test("justOne() is a source of one message", PURE, async () => {
  assertEquals(await Array.fromAsync(justOne(7)), [7]);
});
