import { assert, assertEquals, assertThrows } from "@std/assert";
import { Backoff, type BackoffOptions } from "../../src/client/backoff.ts";
import { FakeClock } from "../fake_clock.ts";

/** The waits after so many failures in a row. */
function waits(options: BackoffOptions, failures: number): number[] {
  const backoff = new Backoff(options);
  return Array.from({ length: failures }, () => {
    backoff.failed();
    return backoff.remainingMs;
  });
}

Deno.test("[Z5] Backoff doubles its waits up to the longest, cut by chance to half at most", () => {
  using _ = new FakeClock().install();
  const seen = Array.from({ length: 200 }, () => waits({ initialMs: 100, maxMs: 500 }, 5));
  for (const [i, whole] of [100, 200, 400, 500, 500].entries()) {
    const column = seen.map((row) => row[i] ?? NaN);
    assert(column.every((ms) => ms >= whole / 2 && ms <= whole), `${whole}: ${column}`);
    assert(Math.max(...column) - Math.min(...column) > whole / 4, `hardly any chance: ${column}`);
  }
});

Deno.test("[Z5] Backoff has passed after its wait, and begins anew after a success", () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const backoff = new Backoff({ initialMs: 100 });
  assertEquals(backoff.remainingMs, 0);
  for (let i = 0; i < 5; i++) backoff.failed();
  const before = backoff.remainingMs;
  clock.advance(before / 2);
  assert(Math.abs(backoff.remainingMs - before / 2) < 0.001);
  clock.advance(before);
  assertEquals(backoff.remainingMs, 0);
  backoff.failed();
  backoff.succeeded();
  assertEquals(backoff.remainingMs, 0);
  backoff.failed();
  assert(backoff.remainingMs <= 100);
});

Deno.test("Backoff keeps its bounds however often attempts fail", () => {
  using _ = new FakeClock().install();
  for (
    const [options, last] of [
      [{ initialMs: 0 }, 0],
      [{ initialMs: 100, maxMs: 0 }, 0],
      [{ initialMs: Infinity, maxMs: Infinity }, Infinity],
    ] as const
  ) {
    assertEquals(waits(options, 3000).at(-1), last);
  }
  const [first, last] = [waits({}, 3000)[0] ?? NaN, waits({}, 3000).at(-1) ?? NaN];
  assert(first >= 25 && first <= 50);
  assert(last >= 2500 && last <= 5000);
});

Deno.test("Backoff refuses what is no length of time", () => {
  for (const ms of [NaN, -1, -Infinity]) {
    assertThrows(() => new Backoff({ initialMs: ms }), RangeError, `Cannot use ${ms} as backoff.initialMs`);
    assertThrows(() => new Backoff({ maxMs: ms }), RangeError, `Cannot use ${ms} as backoff.maxMs`);
  }
});
