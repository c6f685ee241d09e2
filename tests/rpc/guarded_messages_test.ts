import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { getEventListeners } from "node:events";
import { GuardedMessages } from "../../src/rpc/guarded_messages.ts";
import type { MessageSource } from "../../src/rpc/message_source.ts";
import { isPending } from "../is_pending.ts";
import { settled } from "../settled.ts";

const PURE = { permissions: "none" } as const;
const END = { done: true, value: undefined } as const;

/** A source that gives what a test tells it to, and keeps what it is told. */
class ScriptedSource implements AsyncIterable<number> {
  readonly told: string[] = [];
  readonly #asked: PromiseWithResolvers<IteratorResult<number>>[] = [];

  [Symbol.asyncIterator](): AsyncIterator<number> {
    this.told.push("open");
    return {
      next: () => {
        this.told.push("next");
        const asked = Promise.withResolvers<IteratorResult<number>>();
        this.#asked.push(asked);
        return asked.promise;
      },
      return: () => {
        this.told.push("return");
        return new Promise(() => {});
      },
    };
  }

  give(value: number): void {
    this.#asked.shift()?.resolve({ done: false, value });
  }

  end(): void {
    this.#asked.shift()?.resolve(END);
  }

  fail(error: unknown): void {
    this.#asked.shift()?.reject(error);
  }
}

/** Guards a source; messages come ten times as large. */
function guard(source: MessageSource<number> | Promise<MessageSource<number>>) {
  const controller = new AbortController();
  const ends: string[] = [];
  const messages = new GuardedMessages<number>({
    open: () => source,
    signal: controller.signal,
    map: (message) => 10 * message,
    onEnd: () => ends.push("end"),
  });
  return { messages, controller, ends };
}

const SOURCES: [about: string, source: MessageSource<number> | Promise<MessageSource<number>>][] = [
  ["an array", [1, 2]],
  ["a promise of a set", Promise.resolve(new Set([1, 2]))],
  ["a ReadableStream", ReadableStream.from([1, 2])],
];

for (const [about, source] of SOURCES) {
  Deno.test(`GuardedMessages gives what ${about} gives, mapped`, PURE, async () => {
    const { messages, ends } = guard(source);
    assertEquals(await Array.fromAsync(messages), [10, 20]);
    assertEquals(await messages.next(), END);
    assertEquals(ends, ["end"]);
  });
}

Deno.test("GuardedMessages opens its source when the first message is asked for", PURE, async () => {
  const source = new ScriptedSource();
  const { messages } = guard(source);
  await settled();
  assertEquals(source.told, []);
  const first = messages.next();
  await settled();
  assertEquals(source.told, ["open", "next"]);
  source.give(1);
  assertEquals(await first, { done: false, value: 10 });
});

Deno.test("GuardedMessages answers several that wait, in their order", PURE, async () => {
  const source = new ScriptedSource();
  const { messages, ends } = guard(source);
  const results = Promise.all([messages.next(), messages.next(), messages.next(), messages.next()]);
  await settled();
  source.give(1);
  source.give(2);
  source.end();
  const done = false;
  assertEquals(await results, [{ done, value: 10 }, { done, value: 20 }, END, END]);
  assertEquals([source.told, ends], [["open", "next", "next", "next", "next"], ["end"]]);
});

/** Each ends messages that two readers wait for. */
const GIVING_UP: Record<string, (guarded: ReturnType<typeof guard>) => Promise<unknown>> = {
  "an abort": async ({ controller }) => await controller.abort("enough"),
  "return()": async ({ messages }) => assertEquals(await messages.return(), END),
  "throw()": async ({ messages }) => assertStrictEquals(await failureOf(messages.throw("enough")), "enough"),
};

for (const [by, giveUp] of Object.entries(GIVING_UP)) {
  const rejected = { status: "rejected", reason: "enough" } as const;
  const outcome = by === "an abort" ? rejected : { status: "fulfilled", value: END } as const;

  Deno.test(`GuardedMessages are over at once by ${by}, whatever the source does`, PURE, async () => {
    const source = new ScriptedSource();
    const guarded = guard(source);
    const { messages, ends, controller } = guarded;
    const waiting = Promise.allSettled([messages.next(), messages.next()]);
    await settled();
    await giveUp(guarded);
    assertEquals(await waiting, [outcome, outcome]);
    assertEquals(await Promise.allSettled([messages.next()]), [outcome]);
    // Whoever leaves later, and the source's late answers, change nothing.
    controller.abort("late");
    assertEquals(await messages.return(), END);
    source.give(1);
    source.fail(new Error("late"));
    await settled();
    assertEquals(await Promise.allSettled([messages.next()]), [outcome]);
    assertEquals([source.told, ends], [["open", "next", "next", "return"], ["end"]]);
  });

  Deno.test(
    `GuardedMessages that are over by ${by} draw nothing from a source that opens later`,
    PURE,
    async () => {
      const source = new ScriptedSource();
      const opening = Promise.withResolvers<MessageSource<number>>();
      const guarded = guard(opening.promise);
      const waiting = Promise.allSettled([guarded.messages.next()]);
      await settled();
      await giveUp(guarded);
      assertEquals(await waiting, [outcome]);
      opening.resolve(source);
      await settled();
      assertEquals(source.told, ["open", "return"]);
    },
  );

  Deno.test(
    `GuardedMessages that are over by ${by} leave a source alone that was not asked for`,
    PURE,
    async () => {
      const source = new ScriptedSource();
      const guarded = guard(source);
      await giveUp(guarded);
      assertEquals(await Promise.allSettled([guarded.messages.next()]), [outcome]);
      await settled();
      assertEquals([source.told, guarded.ends], [[], ["end"]]);
    },
  );
}

Deno.test("GuardedMessages that have ended tell their source nothing more", PURE, async () => {
  for (const end of ["end", "fail"] as const) {
    const source = new ScriptedSource();
    const { messages, controller, ends } = guard(source);
    const last = Promise.allSettled([messages.next()]);
    await settled();
    source[end](new Error("none left"));
    await last;
    await messages.return();
    controller.abort();
    await settled();
    assertEquals([source.told, ends], [["open", "next"], ["end"]]);
  }
});

Deno.test("GuardedMessages listen to their signal until they have ended", PURE, async () => {
  const { messages, controller } = guard([1]);
  const listeners = () => getEventListeners(controller.signal, "abort").length;
  assertEquals(listeners(), 0);
  await messages.next();
  assertEquals(listeners(), 1);
  await messages.next();
  assertEquals(listeners(), 0);
});

Deno.test(
  "GuardedMessages fail with what their source throws, as often as they are asked",
  PURE,
  async () => {
    const source = new ScriptedSource();
    const { messages } = guard(source);
    const first = messages.next();
    await settled();
    const error = new Error("none left");
    source.fail(error);
    for (const next of [first, messages.next(), messages.next()]) {
      assertStrictEquals(
        await failureOf(next),
        error,
      );
    }
  },
);

Deno.test("GuardedMessages tell a source to return whose message can't be mapped", PURE, async () => {
  const source = new ScriptedSource();
  const error = new Error("no number");
  const messages = new GuardedMessages<number>({
    open: () => source,
    signal: new AbortController().signal,
    map: () => {
      throw error;
    },
  });
  const first = messages.next();
  await settled();
  source.give(1);
  assertStrictEquals(await failureOf(first), error);
  await settled();
  assertEquals(source.told, ["open", "next", "return"]);
});

Deno.test("GuardedMessages fail with what open() rejects with, and only who asks is told", PURE, async () => {
  const opening = Promise.withResolvers<MessageSource<number>>();
  const { messages, ends } = guard(opening.promise);
  const first = messages.next();
  const error = new Error("no source");
  opening.reject(error);
  assertStrictEquals(await failureOf(first), error);
  assertEquals(ends, ["end"]);
  const late = Promise.withResolvers<MessageSource<number>>();
  const left = guard(late.promise).messages;
  const waiting = left.next();
  await left.return();
  late.reject(error);
  assertEquals(await waiting, END);
  await settled();
});

Deno.test("GuardedMessages fail if their source is not iterable", PURE, async () => {
  // A program in JavaScript may do as it likes.
  const { messages } = guard(7 as never);
  await assertRejects(() => messages.next(), TypeError, "source is not iterable");
});

Deno.test("GuardedMessages swallow what a source throws when it is told to return", PURE, async () => {
  const { messages } = guard({
    [Symbol.iterator]: () => ({
      next: () => ({ done: false, value: 1 }),
      return: () => {
        throw new Error("can't stop");
      },
    }),
  });
  assertEquals((await messages.next()).value, 10);
  assertEquals(await messages.return(), END);
  await settled();
});

Deno.test("GuardedMessages wait for their source, not longer", PURE, async () => {
  const source = new ScriptedSource();
  const { messages, controller } = guard(source);
  const first = messages.next();
  assertEquals(await isPending(first), true);
  controller.abort("enough");
  assertEquals(await failureOf(first), "enough");
});

/** What a promise rejects with. */
async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome.status === "rejected" ? outcome.reason : undefined;
}
