import { assertEquals, assertRejects } from "@std/assert";
import { EventQueue } from "../../../src/shim/events/event_queue.ts";
import { isPending } from "../../is_pending.ts";

const PURE = { permissions: "none" } as const;
const { signal } = new AbortController();

Deno.test(
  "EventQueue gives items in their order, to readers that wait and to those who come later",
  PURE,
  async () => {
    const queue = new EventQueue<number>();
    const reader = queue[Symbol.asyncIterator]();
    const first = reader.next();
    await queue.push(1, signal);
    await queue.push(2, signal);
    assertEquals([await first, await reader.next()], [{ done: false, value: 1 }, { done: false, value: 2 }]);
  },
);

Deno.test("EventQueue ends its readers once all that came before the end is read", PURE, async () => {
  const queue = new EventQueue<number>();
  await queue.push(1, signal);
  queue.end();
  await queue.push(2, signal);
  assertEquals(await Array.fromAsync(queue), [1]);
  assertEquals(await Array.fromAsync(queue), []);
});

Deno.test("EventQueue gives each item to one reader, and what a reader left to the next", PURE, async () => {
  const queue = new EventQueue<number>();
  for (const item of [1, 2, 3]) await queue.push(item, signal);
  for await (const item of queue) {
    assertEquals(item, 1);
    break;
  }
  queue.end();
  assertEquals(await Array.fromAsync(queue), [2, 3]);
});

Deno.test(
  "EventQueue makes senders wait above 1 024 items, until one is read, or they give up",
  PURE,
  async () => {
    const queue = new EventQueue<number>();
    for (let item = 0; item < 1024; item++) await queue.push(item, signal);
    const waiting = queue.push(1024, signal);
    assertEquals(await isPending(waiting), true);
    const abort = new AbortController();
    const givenUp = queue.push(-1, abort.signal);
    abort.abort(new Error("enough"));
    await assertRejects(() => givenUp, Error, "enough");
    const reader = queue[Symbol.asyncIterator]();
    assertEquals(await reader.next(), { done: false, value: 0 });
    await waiting;
    queue.end();
    assertEquals((await Array.fromAsync(queue)).at(-1), 1024);
  },
);

Deno.test("EventQueue lets senders go at its end", PURE, async () => {
  const queue = new EventQueue<number>();
  for (let item = 0; item < 1024; item++) await queue.push(item, signal);
  const waiting = queue.push(1024, signal);
  queue.end();
  await waiting;
});

Deno.test(
  "EventQueue lets a reader go that leaves while it waits, and gives the next item to another",
  PURE,
  async () => {
    const queue = new EventQueue<number>();
    const leaving = queue[Symbol.asyncIterator]();
    const waiting = [leaving.next(), leaving.next()];
    await leaving.return?.();
    const end = { done: true, value: undefined } as const;
    assertEquals(await Promise.all(waiting), [end, end]);
    await queue.push(1, signal);
    assertEquals(await queue[Symbol.asyncIterator]().next(), { done: false, value: 1 });
  },
);
