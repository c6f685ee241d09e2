import { assertEquals } from "@std/assert";
import { type PauseLimits, ReceivePause } from "../../src/connection/receive_pause.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";

const LIMITS = { stallTimeoutMs: 1000, maxPauseMs: 30_000 };
type Step = [limit: keyof PauseLimits, ms: number];

/** How many milliseconds pass until a pause is too long that goes through some steps. */
function passAfter(steps: Step[], limits: PauseLimits = LIMITS): number | undefined {
  const clock = new FakeClock();
  using _ = clock.install();
  let hasPassed = false;
  const pause = new ReceivePause(limits, () => {
    hasPassed = true;
  });
  let passed = 0;
  for (const [limit, ms] of steps) {
    pause.holdTo(limit);
    for (let i = 0; i < ms; i++) {
      clock.advance(1);
      passed++;
      if (hasPassed) return passed;
    }
  }
  pause.end();
  assertEquals(clock.pendingTimers, 0);
  return undefined;
}

Deno.test("[B4] ReceivePause lets each limit count for itself", { permissions: "none" }, () => {
  const cases: [steps: Step[], passAfterMs: number | undefined, limits?: PauseLimits][] = [
    [[["stallTimeoutMs", 999]], undefined],
    [[["stallTimeoutMs", 2000]], 1000],
    [[["maxPauseMs", 40_000]], 30_000],
    [[["stallTimeoutMs", 600], ["stallTimeoutMs", 600]], 1000],
    [[["stallTimeoutMs", 600], ["maxPauseMs", 500], ["stallTimeoutMs", 600]], 1500],
    [[["maxPauseMs", 20_000], ["stallTimeoutMs", 600], ["maxPauseMs", 20_000]], 30_600],
    [[["maxPauseMs", 50_000], ["stallTimeoutMs", 1000]], 51_000, { ...LIMITS, maxPauseMs: Infinity }],
    [[["maxPauseMs", 10], ["stallTimeoutMs", 1]], 11, { ...LIMITS, stallTimeoutMs: 0 }],
  ];
  for (const [steps, passAfterMs, limits] of cases) {
    assertEquals(passAfter(steps, limits), passAfterMs, JSON.stringify(steps));
  }
});

Deno.test("ReceivePause.over resolves at its end, not at a limit", { permissions: "none" }, async () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const pause = new ReceivePause(LIMITS, () => {});
  pause.holdTo("stallTimeoutMs");
  clock.advance(5000);
  assertEquals(await isPending(pause.over), true);
  pause.end();
  await pause.over;
});
