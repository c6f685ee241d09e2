import { assertEquals } from "@std/assert";
import { Deadline } from "../../src/rpc/deadline.ts";
import { type Bounds, watchBounds } from "../../src/rpc/watch_bounds.ts";
import { FakeClock } from "../fake_clock.ts";

/** A time, bounds of one second and a signal that can abort, and what is told of them. */
function prepare(timeoutMs = 1_000) {
  const time = new FakeClock();
  const installed = time.install();
  const end = new AbortController();
  const told: string[] = [];
  const bounds: Bounds = { signal: end.signal, deadline: Deadline.afterMs(timeoutMs) };
  const watcher = {
    aborted: () => told.push("aborted"),
    deadlinePassed: () => told.push("deadline passed"),
  };
  return { time, installed, end, told, watch: () => watchBounds(bounds, watcher) };
}

Deno.test("watchBounds() tells what happens until it is to forget", { permissions: "none" }, () => {
  const { time, installed, end, told, watch } = prepare();
  using _ = installed;
  const forget = watch();
  time.advance(999);
  assertEquals(told, []);
  time.advance(1);
  end.abort();
  assertEquals(told, ["deadline passed", "aborted"]);
  forget();
});

Deno.test("watchBounds() leaves nothing behind once it is to forget", { permissions: "none" }, () => {
  const { time, installed, end, told, watch } = prepare();
  using _ = installed;
  watch()();
  assertEquals(time.pendingTimers, 0);
  time.advance(1_000);
  end.abort();
  assertEquals(told, []);
});

Deno.test(
  "watchBounds() tells at once, and of one alone, what has been before",
  { permissions: "none" },
  () => {
    const past = prepare(0);
    using _ = past.installed;
    past.watch();
    assertEquals(past.told, ["deadline passed"]);
    past.end.abort();
    past.watch();
    assertEquals(past.told, ["deadline passed", "aborted"]);
    assertEquals(past.time.pendingTimers, 0);
  },
);

Deno.test("watchBounds() waits forever without bounds", { permissions: "none" }, () => {
  watchBounds({}, { aborted() {}, deadlinePassed() {} })();
});
