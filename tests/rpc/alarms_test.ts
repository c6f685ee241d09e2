import { assertEquals } from "@std/assert";
import { Alarms, type Timers } from "../../src/rpc/alarms.ts";
import { withRandom } from "../random.ts";

const PURE = { permissions: "none" } as const;

/** Time that a test moves, with one timer that fires when the test says so. */
class OneTimer implements Timers {
  time = 1000;
  delayMs: number | undefined;
  /** How many timers were started. */
  started = 0;
  #callback = () => {};

  now(): number {
    return this.time;
  }

  startTimer(callback: () => void, delayMs: number): () => void {
    assertEquals(this.delayMs, undefined, "a second timer");
    this.started++;
    this.delayMs = delayMs;
    this.#callback = callback;
    return () => {
      this.delayMs = undefined;
    };
  }

  /** Lets the time of the timer pass, but for `earlyMs` of it. */
  fire(earlyMs = 0): void {
    this.time += (this.delayMs ?? 0) - earlyMs;
    this.delayMs = undefined;
    this.#callback();
  }
}

function fixture() {
  const timers = new OneTimer();
  const alarms = new Alarms(timers);
  const rung: number[] = [];
  return { timers, rung, set: (at: number) => alarms.set(at, () => rung.push(at)) };
}

Deno.test("Alarms ring in the order of their moments, on one timer", PURE, () => {
  const { timers, rung, set } = fixture();
  for (const at of [1500, 1100, 1100, 1300, 900]) set(at);
  assertEquals(timers.delayMs, 0);
  const log: unknown[] = [];
  while (timers.delayMs !== undefined) {
    timers.fire();
    log.push([timers.time, rung.splice(0)]);
  }
  assertEquals(log, [[1000, [900]], [1100, [1100, 1100]], [1300, [1300]], [1500, [1500]]]);
});

Deno.test("Alarms wait on when the timer fires early, or can't reach the moment", PURE, () => {
  const { timers, rung, set } = fixture();
  set(1050.5);
  assertEquals(timers.delayMs, 51);
  timers.fire(0.75);
  assertEquals([rung, timers.delayMs], [[], 1]);
  timers.fire();
  assertEquals([rung, timers.delayMs], [[1050.5], undefined]);
  const far = timers.time + 2 ** 33;
  set(far);
  for (let i = 0; i < 4; i++) {
    assertEquals([rung.length, timers.delayMs], [1, 2 ** 31 - 1]);
    timers.fire();
  }
  timers.fire();
  assertEquals([rung, timers.delayMs], [[1050.5, far], undefined]);
});

Deno.test("Alarms keep no timer once the last one was cancelled", PURE, () => {
  const { timers, rung, set } = fixture();
  const cancel = [set(1100), set(1200)];
  cancel[0]?.();
  cancel[0]?.();
  assertEquals(timers.delayMs, 100);
  cancel[1]?.();
  assertEquals([timers.delayMs, rung], [undefined, []]);
});

Deno.test("Alarms keep no timer for cancelled ones once the last one has rung", PURE, () => {
  const { timers, rung, set } = fixture();
  set(1100);
  set(1200)();
  timers.fire();
  assertEquals([rung, timers.delayMs], [[1100], undefined]);
});

Deno.test("Alarms that have rung can't be cancelled", PURE, () => {
  const { timers, rung, set } = fixture();
  const cancel = set(1100);
  set(1200);
  timers.fire();
  cancel();
  timers.fire();
  assertEquals([rung, timers.delayMs], [[1100, 1200], undefined]);
});

Deno.test("Alarms may be set and cancelled by one that rings", PURE, () => {
  const timers = new OneTimer();
  const alarms = new Alarms(timers);
  const log: string[] = [];
  alarms.set(1100, () => {
    log.push("first");
    cancelSecond();
    alarms.set(1050, () => log.push("due already"));
    alarms.set(1400, () => log.push("last"));
  });
  const cancelSecond = alarms.set(1100, () => log.push("second"));
  timers.fire();
  cancelSecond();
  assertEquals([log, timers.delayMs], [["first", "due already"], 300]);
  timers.fire();
  assertEquals([log, timers.delayMs], [["first", "due already", "last"], undefined]);
});

Deno.test("Alarms ring when they are due, whatever was cancelled", PURE, () => {
  return withRandom((random) => {
    const { timers, rung, set } = fixture();
    const expected: number[] = [];
    for (let i = 0; i < 1000; i++) {
      const at = 1000 + random.below(100_000);
      const cancel = set(at);
      if (!random.oneIn(10)) cancel();
      else expected.push(at);
    }
    while (timers.delayMs !== undefined) timers.fire();
    assertEquals(rung, expected.sort((a, b) => a - b));
  });
});

Deno.test("Alarms start no timer for a later alarm than the next one", PURE, () => {
  const { timers, set } = fixture();
  set(2000);
  for (let i = 0; i < 1000; i++) set(3000 + i)();
  assertEquals(timers.started, 1);
});

Deno.test("Alarms ring though one before them throws", () => {
  const timers = new OneTimer();
  const alarms = new Alarms(timers);
  const errors: unknown[] = [];
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    errors.push(event.error.message);
  };
  addEventListener("error", onError);
  const rung: string[] = [];
  alarms.set(1100, () => {
    throw new Error("the first one");
  });
  alarms.set(1100, () => rung.push("second"));
  alarms.set(1200, () => rung.push("third"));
  timers.fire();
  timers.fire();
  removeEventListener("error", onError);
  assertEquals([errors, rung], [["the first one"], ["second", "third"]]);
});
