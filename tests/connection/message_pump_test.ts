import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MessagePump, type PumpTarget } from "../../src/connection/message_pump.ts";
import type { MessageSource } from "../../src/rpc/message_source.ts";
import { isPending } from "../is_pending.ts";
import { settled } from "../settled.ts";

/** A target that keeps its messages, each of `bytes` bytes. */
class Recorder implements PumpTarget<number> {
  readonly messages: number[] = [];
  #room: PromiseWithResolvers<void> | undefined;

  constructor(readonly bytes = 10) {}

  send(message: number): number {
    this.messages.push(message);
    return this.bytes;
  }

  room(): Promise<void> | undefined {
    return this.#room?.promise;
  }

  /** From now on there is no room. */
  fill(): void {
    this.#room = Promise.withResolvers();
  }

  /** Makes room, or only seems to. */
  wake(hasRoom: boolean): void {
    const room = this.#room;
    this.#room = hasRoom ? undefined : Promise.withResolvers();
    room?.resolve();
  }
}

/** A generator that says how it ended. */
function* generator(log: string[], count = 3): Generator<number> {
  try {
    for (let i = 1; i <= count; i++) yield i;
    log.push("end");
  } finally {
    log.push("finally");
  }
}

async function* asyncGenerator(log: string[], count = 3): AsyncGenerator<number> {
  yield* generator(log, count);
}

const SOURCES: [about: string, source: MessageSource<number>][] = [
  ["an array", [1, 2, 3]],
  ["a set", new Set([1, 2, 3])],
  ["a generator", generator([])],
  ["an asynchronous generator", asyncGenerator([])],
  ["a ReadableStream", ReadableStream.from([1, 2, 3])],
  ["an iterable whose next() gives a promise just at times", timesAsync()],
];

function timesAsync(): AsyncIterable<number> {
  let i = 0;
  const next = () => {
    const result: IteratorResult<number> = ++i < 4 ? { done: false, value: i } : { done: true, value: 4 };
    return i % 2 === 0 ? Promise.resolve(result) : result;
  };
  return { [Symbol.asyncIterator]: () => ({ next }) as AsyncIterator<number> };
}

for (const [about, source] of SOURCES) {
  Deno.test(`MessagePump.run() sends all messages of ${about}`, { permissions: "none" }, async () => {
    const target = new Recorder();
    assertEquals(await new MessagePump(source, target).run(), true);
    assertEquals(target.messages, [1, 2, 3]);
  });
}

Deno.test("MessagePump refuses what is not iterable", { permissions: "none" }, () => {
  for (const source of [undefined, null, 7, {}]) {
    assertThrows(() => new MessagePump(source as MessageSource<number>, new Recorder()), TypeError);
  }
});

Deno.test("MessagePump draws no message before there is room for it", { permissions: "none" }, async () => {
  const log: string[] = [];
  const target = new Recorder();
  const drawn: number[] = [];
  const source = generator(log, 4).map((i) => {
    drawn.push(i);
    if (i === 2) target.fill();
    return i;
  });
  const run = new MessagePump(source, target).run();
  await settled();
  assertEquals([drawn, target.messages], [[1, 2], [1, 2]]);
  // Its turn: for one message, then it waits again.
  target.wake(false);
  assertEquals(await isPending(run), true);
  assertEquals([drawn, target.messages], [[1, 2, 3], [1, 2, 3]]);
  target.wake(true);
  assertEquals([await run, target.messages, log], [true, [1, 2, 3, 4], ["end", "finally"]]);
});

for (
  const [kind, sourceOf] of [["generator", generator], ["asynchronous generator", asyncGenerator]] as const
) {
  Deno.test(
    `MessagePump tells a ${kind} to return when the target throws`,
    { permissions: "none" },
    async () => {
      const log: string[] = [];
      const target = new Recorder();
      target.send = () => {
        throw new Error("too long");
      };
      await assertRejects(() => new MessagePump(sourceOf(log), target).run(), Error, "too long");
      await settled();
      assertEquals(log, ["finally"]);
    },
  );

  Deno.test(`MessagePump.stop() ends a ${kind} that waits for room`, { permissions: "none" }, async () => {
    const log: string[] = [];
    const target = new Recorder();
    const pump = new MessagePump(sourceOf(log), target);
    const send = target.send.bind(target);
    target.send = (message) => {
      target.fill();
      return send(message);
    };
    const run = pump.run();
    await settled();
    pump.stop();
    pump.stop();
    target.wake(true);
    assertEquals([await run, target.messages, log], [false, [1], ["finally"]]);
  });

  Deno.test(`MessagePump gives timers a turn while a ${kind} goes on`, { permissions: "none" }, async () => {
    const target = new Recorder(1000);
    const pump = new MessagePump(sourceOf([], 1_000_000), target);
    const timer = setTimeout(() => pump.stop(), 0);
    assertEquals(await pump.run(), false, "the source came to its end before the timer fired");
    clearTimeout(timer);
  });

  Deno.test(`MessagePump.run() rejects with what a ${kind} throws`, { permissions: "none" }, async () => {
    const source = sourceOf([]);
    source.next = () => {
      throw new Error("no more names");
    };
    await assertRejects(() => new MessagePump(source, new Recorder()).run(), Error, "no more names");
  });
}

Deno.test("MessagePump.stop() lets a generator return that stops its own pump", async () => {
  let isReturned = false;
  function* names(): Generator<number> {
    try {
      pump.stop();
      yield 1;
    } finally {
      isReturned = true;
    }
  }
  const target = new Recorder();
  const pump: MessagePump<number> = new MessagePump(names(), target);
  assertEquals([await pump.run(), target.messages, isReturned], [false, [], true]);
});

Deno.test("MessagePump.stop() leaves a source alone that has ended or thrown", async () => {
  const ends: [about: string, next: () => IteratorResult<number>][] = [
    ["ended", () => ({ done: true, value: undefined })],
    ["thrown", () => JSON.parse("{")],
  ];
  for (const [about, next] of ends) {
    let returns = 0;
    const iterator = {
      next,
      return: () => {
        returns++;
        return next();
      },
    };
    const pump = new MessagePump({ [Symbol.iterator]: () => iterator }, new Recorder());
    await pump.run().catch(() => about);
    pump.stop();
    assertEquals(returns, 0, about);
  }
});

Deno.test("MessagePump.stop() waits for neither next() nor return()", { permissions: "none" }, async () => {
  const { promise, resolve } = Promise.withResolvers<IteratorResult<number>>();
  let returns = 0;
  const iterator: AsyncIterator<number> = {
    next: () => promise,
    return: () => {
      returns++;
      return new Promise(() => {});
    },
  };
  const target = new Recorder();
  const pump = new MessagePump({ [Symbol.asyncIterator]: () => iterator }, target);
  const run = pump.run();
  pump.stop();
  pump.stop();
  assertEquals(returns, 1);
  resolve({ done: false, value: 1 });
  assertEquals([await run, target.messages, returns], [false, [], 1]);
});

Deno.test("MessagePump.stop() takes no notice of what return() throws", { permissions: "none" }, async () => {
  for (const result of [() => Promise.reject(new Error("late")), () => JSON.parse("{")]) {
    const iterator = { next: () => ({ done: false, value: 1 }), return: result };
    new MessagePump({ [Symbol.iterator]: () => iterator }, new Recorder()).stop();
  }
  await settled();
});

Deno.test("MessagePump.stop() draws nothing, even before run()", { permissions: "none" }, async () => {
  const target = new Recorder();
  const source = generator([]);
  const pump = new MessagePump(source, target);
  pump.stop();
  assertEquals([await pump.run(), target.messages, source.next().done], [false, [], true]);
});
