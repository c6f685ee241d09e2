import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { MessagePump } from "../../src/connection/message_pump.ts";
import type { SendLine } from "../../src/connection/send_in_turn.ts";
import { nextTurn } from "../../src/rpc/next_turn.ts";
import type { MessageSource } from "../../src/rpc/message_source.ts";
import { isPending } from "../is_pending.ts";
import { settled } from "../settled.ts";

/** Takes messages, each of `bytes` bytes, while there is room. */
class Recorder implements SendLine {
  readonly messages: number[] = [];
  hasRoom = true;
  #waiting: (() => void) | undefined;

  constructor(readonly bytes = 10) {}

  send: (message: number) => number = (message) => {
    this.messages.push(message);
    return this.bytes;
  };

  whenRoom(send: () => void): void {
    this.#waiting = send;
  }

  /** Gives the message that waits its turn. */
  advance(): void {
    this.#waiting?.();
  }

  /** Makes a pump that sends here. */
  pump(source: MessageSource<number>): MessagePump<number> {
    return new MessagePump(source, this, (message) => this.send(message));
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
    assertEquals(await target.pump(source).run(), true);
    assertEquals(target.messages, [1, 2, 3]);
  });
}

Deno.test("MessagePump refuses what is not iterable", { permissions: "none" }, () => {
  for (const source of [undefined, null, 7, {}]) {
    assertThrows(() => new Recorder().pump(source as MessageSource<number>), TypeError);
  }
});

Deno.test("[B1] MessagePump draws no message before the one that waits has had its turn", {
  permissions: "none",
}, async () => {
  const log: string[] = [];
  const target = new Recorder();
  const drawn: number[] = [];
  const source = generator(log, 4).map((i) => {
    drawn.push(i);
    if (i === 2) target.hasRoom = false;
    return i;
  });
  const run = target.pump(source).run();
  await settled();
  assertEquals([drawn, target.messages], [[1, 2], [1]]);
  // Its turn: for one message, which is sent at once; then the next one waits.
  target.advance();
  assertEquals(target.messages, [1, 2]);
  assertEquals(await isPending(run), true);
  assertEquals([drawn, target.messages], [[1, 2, 3], [1, 2]]);
  target.hasRoom = true;
  target.advance();
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
      await assertRejects(() => target.pump(sourceOf(log)).run(), Error, "too long");
      await settled();
      assertEquals(log, ["finally"]);
    },
  );

  Deno.test(`MessagePump.stop() ends a ${kind} that waits for room`, { permissions: "none" }, async () => {
    const log: string[] = [];
    const target = new Recorder();
    const pump = target.pump(sourceOf(log));
    target.hasRoom = false;
    const run = pump.run();
    await settled();
    pump.stop();
    pump.stop();
    target.advance();
    assertEquals([await run, target.messages, log], [false, [], ["finally"]]);
  });

  Deno.test(`MessagePump gives timers a turn while a ${kind} goes on`, { permissions: "none" }, async () => {
    const target = new Recorder(1000);
    const pump = target.pump(sourceOf([], 1_000_000));
    const timer = setTimeout(() => pump.stop(), 0);
    assertEquals(await pump.run(), false, "the source came to its end before the timer fired");
    clearTimeout(timer);
  });

  Deno.test(`MessagePump.run() rejects with what a ${kind} throws`, { permissions: "none" }, async () => {
    const source = sourceOf([]);
    source.next = () => {
      throw new Error("no more names");
    };
    await assertRejects(() => new Recorder().pump(source).run(), Error, "no more names");
  });
}

Deno.test("MessagePump sends a few large messages in a turn, or some thousand small ones", {
  permissions: "none",
}, async () => {
  for (const [bytes, least, most] of [[65_550, 4, 4], [28, 1000, 3000]] as const) {
    const target = new Recorder(bytes);
    const pump = target.pump(generator([], 1_000_000));
    // Begins to wait before the pump does, so it goes on first.
    const turn = nextTurn();
    const run = pump.run();
    await turn;
    const count = target.messages.length;
    assert(least <= count && count <= most, `${count} messages of ${bytes} bytes`);
    pump.stop();
    await run;
  }
});

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
  const pump: MessagePump<number> = target.pump(names());
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
    const pump = new Recorder().pump({ [Symbol.iterator]: () => iterator });
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
  const pump = target.pump({ [Symbol.asyncIterator]: () => iterator });
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
    new Recorder().pump({ [Symbol.iterator]: () => iterator }).stop();
  }
  await settled();
});

Deno.test("MessagePump.stop() draws nothing, even before run()", { permissions: "none" }, async () => {
  const target = new Recorder();
  const source = generator([]);
  const pump = target.pump(source);
  pump.stop();
  assertEquals([await pump.run(), target.messages, source.next().done], [false, [], true]);
});
