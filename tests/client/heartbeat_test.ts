import { assertEquals, assertThrows } from "@std/assert";
import { Heartbeat, resolvePing, type WatchedConnection } from "../../src/client/heartbeat.ts";
import type { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { FakeClock } from "../fake_clock.ts";
import { settled } from "../settled.ts";

/** A connection that is watched: asked after 1000 ms, given up after another 300. */
class Watched implements WatchedConnection, Disposable {
  readonly clock = new FakeClock();
  readonly #clock = this.clock.install();
  readonly heartbeat = new Heartbeat(this, { intervalMs: 1000, timeoutMs: 300 });
  receivedBytes = 7;
  answersPings = true;
  isPaused = false;
  pings = 0;
  readonly errors: TtrpcError[] = [];

  sendPing(): void {
    this.pings++;
  }

  fail(error: TtrpcError): void {
    this.errors.push(error);
    this.heartbeat.stop();
  }

  [Symbol.dispose](): void {
    this.#clock[Symbol.dispose]();
  }
}

Deno.test("[K2] Heartbeat asks a silent server, and gives it up when it says nothing", () => {
  using watched = new Watched();
  watched.heartbeat.start();
  watched.clock.advance(999);
  assertEquals(watched.pings, 0);
  watched.clock.advance(1);
  assertEquals(watched.pings, 1);
  watched.clock.advance(299);
  assertEquals(watched.errors, []);
  watched.clock.advance(1);
  assertEquals(watched.errors.map(({ code, rawMessage }) => [code, rawMessage]), [
    [14, "Connection lost: the server gave no sign of life for 300 ms"],
  ]);
  assertEquals(watched.clock.pendingTimers, 0);
});

Deno.test("[K2] Heartbeat sends its first ping with the first call, and no other", async () => {
  using watched = new Watched();
  watched.heartbeat.start();
  // The call's own frame is just being written.
  assertEquals(watched.pings, 0);
  await settled();
  watched.heartbeat.stop();
  watched.heartbeat.start();
  await settled();
  assertEquals(watched.pings, 1);
  watched.heartbeat.stop();
});

Deno.test("[K1, K2] Heartbeat takes any frame for a sign of life, before it asks and after", () => {
  using watched = new Watched();
  watched.heartbeat.start();
  for (let i = 0; i < 5; i++) {
    watched.clock.advance(500);
    watched.receivedBytes++;
    watched.clock.advance(500);
  }
  assertEquals(watched.pings, 0);
  watched.clock.advance(1000);
  assertEquals(watched.pings, 1);
  watched.receivedBytes++;
  watched.clock.advance(300);
  assertEquals(watched.errors, []);
  watched.clock.advance(1000);
  assertEquals(watched.pings, 2);
  watched.clock.advance(300);
  assertEquals(watched.errors.length, 1);
});

Deno.test("[K2] Heartbeat does not hold a pause of this side against the server", () => {
  using watched = new Watched();
  watched.heartbeat.start();
  watched.isPaused = true;
  watched.clock.advance(10_000);
  assertEquals(watched.pings, 0);
  watched.isPaused = false;
  watched.clock.advance(1000);
  assertEquals(watched.pings, 1);
  watched.isPaused = true;
  watched.clock.advance(10_000);
  assertEquals([watched.pings, watched.errors], [1, []]);
});

Deno.test("[K2] Heartbeat does not give up a server that never answered a ping, but asks again", () => {
  using watched = new Watched();
  watched.answersPings = false;
  watched.heartbeat.start();
  watched.clock.advance(5 * 1300);
  assertEquals([watched.pings, watched.errors], [5, []]);
  watched.answersPings = true;
  watched.clock.advance(1300);
  assertEquals(watched.errors.length, 1);
});

Deno.test("[K2] Heartbeat watches only while calls wait, each time from their beginning", () => {
  using watched = new Watched();
  watched.heartbeat.start();
  watched.clock.advance(900);
  watched.heartbeat.stop();
  watched.clock.advance(10_000);
  assertEquals([watched.pings, watched.clock.pendingTimers], [0, 0]);
  watched.heartbeat.start();
  watched.clock.advance(999);
  assertEquals(watched.pings, 0);
  watched.clock.advance(1);
  assertEquals(watched.pings, 1);
  watched.heartbeat.stop();
  watched.clock.advance(10_000);
  assertEquals([watched.errors, watched.clock.pendingTimers], [[], 0]);
});

Deno.test("resolvePing() fills in the default, and refuses what is no time to wait", () => {
  assertEquals(resolvePing({ intervalMs: 5 }), { intervalMs: 5, timeoutMs: 5 });
  assertEquals(resolvePing({ intervalMs: Infinity, timeoutMs: 0.5 }), {
    intervalMs: Infinity,
    timeoutMs: 0.5,
  });
  for (const ms of [0, -1, NaN]) {
    assertThrows(() => resolvePing({ intervalMs: ms }), RangeError, `Cannot use ${ms} as ping.intervalMs`);
    const options = { intervalMs: 1, timeoutMs: ms };
    assertThrows(() => resolvePing(options), RangeError, `Cannot use ${ms} as ping.timeoutMs`);
  }
});
