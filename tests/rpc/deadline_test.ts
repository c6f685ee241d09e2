import { assertEquals, assertGreater, assertGreaterOrEqual, assertThrows } from "@std/assert";
import { clock } from "../../src/rpc/clock.ts";
import { Deadline } from "../../src/rpc/deadline.ts";
import { FakeClock } from "../fake_clock.ts";

const MAX_NANOS = 2n ** 63n - 1n;
const DAY_MS = 86_400_000;

const TIMEOUTS: [timeoutMs: number | undefined, remainingNanos: bigint | undefined][] = [
  [undefined, undefined],
  [Infinity, undefined],
  [0, 0n],
  [-0, 0n],
  [-1, 0n],
  [-Infinity, 0n],
  [500, 500_000_000n],
  [0.5, 500_000n],
  [2 ** 40, 2n ** 40n * 1_000_000n],
  [Number.MAX_SAFE_INTEGER, MAX_NANOS],
  [Number.MAX_VALUE, MAX_NANOS],
];

Deno.test("[D1, D4] Deadline.afterMs() leaves 2^63-1 ns at most", { permissions: "none" }, () => {
  using _ = new FakeClock().install();
  for (const [timeoutMs, nanos] of TIMEOUTS) {
    const deadline = Deadline.afterMs(timeoutMs);
    assertEquals(deadline?.remainingNanos, nanos, `${timeoutMs} ms`);
    assertEquals(deadline?.hasPassed, nanos === undefined ? undefined : nanos === 0n, `${timeoutMs} ms`);
  }
});

Deno.test("[D4] Deadline.afterMs() refuses NaN", { permissions: "none" }, () => {
  assertThrows(() => Deadline.afterMs(NaN), RangeError, "Cannot use NaN as timeoutMs");
});

const NANOS: [nanos: bigint, remainingMs: number | undefined][] = [
  [0n, undefined],
  [-1n, 0],
  [-(2n ** 63n), 0],
  [1_000_000n, 1],
  [1_500_000_000n, 1500],
];

Deno.test("[D1] Deadline.afterNanos() reads 0 as none, less as passed", { permissions: "none" }, () => {
  using _ = new FakeClock().install();
  for (const [nanos, ms] of NANOS) {
    assertEquals(Deadline.afterNanos(nanos)?.remainingMs, ms, `${nanos} ns`);
  }
});

Deno.test("[D1] Deadline of the largest timeout never passes", { permissions: "none" }, () => {
  const time = new FakeClock();
  using _ = time.install();
  const deadline = Deadline.afterNanos(MAX_NANOS);
  const forget = deadline?.onPassed(() => {
    throw new Error("The deadline has passed");
  });
  time.advance(10 * 365 * DAY_MS);
  assertEquals(deadline?.hasPassed, false);
  assertGreater(deadline?.remainingNanos, MAX_NANOS - MAX_NANOS / 20n);
  forget?.();
  assertEquals(time.pendingTimers, 0);
});

Deno.test("[D3] Deadline.remainingNanos is 0 only once it has passed", { permissions: "none" }, () => {
  const time = new FakeClock();
  using _ = time.install();
  const deadline = Deadline.afterMs(1);
  time.advance(1 - 2 ** -30);
  assertEquals([deadline?.hasPassed, deadline?.remainingNanos], [false, 1n]);
  time.advance(2 ** -30);
  assertEquals([deadline?.hasPassed, deadline?.remainingNanos], [true, 0n]);
  time.advance(1);
  assertEquals([deadline?.hasPassed, deadline?.remainingNanos, deadline?.remainingMs], [true, 0n, 0]);
});

Deno.test("Deadline.onPassed() calls back once, however far it is", { permissions: "none" }, () => {
  for (const timeoutMs of [0, 1, 0.25, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 0.5, 100 * DAY_MS]) {
    const time = new FakeClock();
    using _ = time.install();
    let calls = 0;
    Deadline.afterMs(timeoutMs)?.onPassed(() => calls++);
    if (timeoutMs > 0) time.advance(timeoutMs - 2 ** -10);
    assertEquals(calls, 0, `before ${timeoutMs} ms`);
    time.advance(1);
    assertEquals(calls, 1, `after ${timeoutMs} ms`);
    time.advance(200 * DAY_MS);
    assertEquals([calls, time.pendingTimers], [1, 0], `long after ${timeoutMs} ms`);
  }
});

Deno.test("Deadline.onPassed() forgets a callback before any of its timers", { permissions: "none" }, () => {
  const time = new FakeClock();
  using _ = time.install();
  const unexpected = () => {
    throw new Error("A callback that was forgotten was called");
  };
  const forgetNear = Deadline.afterMs(5)?.onPassed(unexpected);
  const forgetFar = Deadline.afterMs(2 ** 32)?.onPassed(unexpected);
  forgetNear?.();
  time.advance(2 ** 31);
  forgetFar?.();
  forgetFar?.();
  assertEquals(time.pendingTimers, 0);
});

Deno.test("clock calls back at the moment, unless it was forgotten", { permissions: "none" }, async () => {
  const fired: string[] = [];
  const start = clock.now();
  clock.callAt(start, () => fired.push("forgotten"))();
  await new Promise<void>((resolve) => clock.callAt(start + 2, resolve));
  assertEquals(fired, []);
  assertGreaterOrEqual(clock.now(), start + 2);
});
