import { assertEquals, assertExists } from "@std/assert";
import {
  type ReceiveBuffer,
  ReceiveFlow,
  type ReceiveFlowOptions,
} from "../../src/connection/receive_flow.ts";
import { Code } from "../../src/rpc/code.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";

/** What each message counts on top of its length. */
const OVERHEAD = 128;
const LIMITS = {
  streamBufferBytes: 1000,
  connectionBufferBytes: 3000,
  stallTimeoutMs: 1000,
  maxPauseMs: 30_000,
};

/** A flow, and the calls whose messages it counts. */
class Fixture implements Disposable {
  readonly clock = new FakeClock();
  readonly flow: ReceiveFlow;
  /** The calls that were failed, in their order. */
  readonly failures: string[] = [];
  readonly #open = new Set<ReceiveBuffer>();
  readonly #clock = this.clock.install();

  constructor(options: Partial<ReceiveFlowOptions> = {}) {
    this.flow = new ReceiveFlow({ ...LIMITS, ...options }, () => this.#open.size);
  }

  /** A call is opened. */
  open(name: string): ReceiveBuffer {
    const buffer = this.flow.open(({ code }) => {
      assertEquals(code, Code.ResourceExhausted);
      this.failures.push(name);
      this.end(buffer);
      buffer.clear();
    });
    this.#open.add(buffer);
    this.flow.callsChanged();
    return buffer;
  }

  /** A call has ended; its messages may still wait. */
  end(buffer: ReceiveBuffer): void {
    buffer.end();
    this.#open.delete(buffer);
    this.flow.callsChanged();
  }

  /** Reading is paused. */
  pause(): Promise<void> {
    const pause = this.flow.pause();
    assertExists(pause);
    return pause;
  }

  [Symbol.dispose](): void {
    this.#clock[Symbol.dispose]();
  }
}

/** Lets messages wait that count so many bytes together, at 500 for each. */
function fill(buffer: ReceiveBuffer, countedBytes: number): void {
  for (let bytes = 0; bytes < countedBytes; bytes += 500) buffer.add(500 - OVERHEAD);
}

/** The reader takes one message. */
function takeOne(buffer: ReceiveBuffer): void {
  buffer.remove(500 - OVERHEAD);
}

Deno.test("[B3] ReceiveFlow pauses while more than a stream's limit waits", async () => {
  using fixture = new Fixture();
  const { flow } = fixture;
  const buffer = fixture.open("a");
  fill(buffer, 1000);
  assertEquals([flow.bytes, flow.pause()], [1000, undefined]);
  buffer.add(0);
  assertEquals([flow.bytes, flow.isPaused], [1000 + OVERHEAD, false]);
  const pause = fixture.pause();
  assertEquals([flow.pause() === pause, flow.isPaused, await isPending(pause)], [true, true, true]);
  buffer.remove(0);
  await pause;
  assertEquals([flow.isPaused, flow.pause(), fixture.clock.pendingTimers], [false, undefined, 0]);
});

Deno.test("[B3] ReceiveFlow pauses while more than the connection's limit waits", async () => {
  using fixture = new Fixture({ streamBufferBytes: 2000 });
  const [a, b, c] = [fixture.open("a"), fixture.open("b"), fixture.open("c")];
  for (const buffer of [a, b, c]) fill(buffer, 1000);
  assertEquals(fixture.flow.pause(), undefined);
  b.remove(500 - OVERHEAD);
  b.add(501 - OVERHEAD);
  assertEquals(fixture.flow.bytes, 3001);
  const pause = fixture.pause();
  c.clear();
  await pause;
  assertEquals([fixture.flow.bytes, fixture.flow.pause()], [2001, undefined]);
});

Deno.test("[B3] ReceiveFlow goes on after many small messages once there is room for some", async () => {
  using fixture = new Fixture({ streamBufferBytes: 160 * OVERHEAD, connectionBufferBytes: 1e6 });
  const buffer = fixture.open("a");
  for (let i = 0; i <= 160; i++) buffer.add(0);
  const pause = fixture.pause();
  for (let i = 0; i < 10; i++) buffer.remove(0);
  assertEquals([fixture.flow.bytes, await isPending(pause)], [151 * OVERHEAD, true]);
  buffer.remove(0);
  await pause;
  // Having gone on, it reads up to the limit again.
  for (let i = 0; i < 10; i++) buffer.add(0);
  assertEquals(fixture.flow.pause(), undefined);
});

Deno.test("[B3] ReceiveFlow lets a single message wait, however long it is", () => {
  using fixture = new Fixture();
  const { flow } = fixture;
  const buffer = fixture.open("a");
  buffer.add(1_000_000);
  assertEquals(flow.pause(), undefined);
  buffer.add(0);
  fixture.pause();
  buffer.remove(1_000_000);
  assertEquals([flow.bytes, flow.pause()], [OVERHEAD, undefined]);
});

Deno.test("[B4] ReceiveFlow fails a stream that holds up others for too long, and no other", async () => {
  using fixture = new Fixture();
  const [slow, busy] = [fixture.open("slow"), fixture.open("busy")];
  fill(slow, 1500);
  fill(busy, 1000);
  const pause = fixture.pause();
  fixture.clock.advance(999);
  assertEquals(fixture.failures, []);
  fixture.clock.advance(1);
  await pause;
  assertEquals([fixture.failures, fixture.flow.bytes, fixture.flow.pause()], [["slow"], 1000, undefined]);
  assertEquals(fixture.clock.pendingTimers, 0);
});

for (const maxPauseMs of [30_000, Infinity]) {
  Deno.test(`[B4] ReceiveFlow lets a reader that is alone pause for ${maxPauseMs} ms`, () => {
    using fixture = new Fixture({ maxPauseMs });
    fill(fixture.open("alone"), 1500);
    fixture.pause();
    fixture.clock.advance(29_999);
    assertEquals(fixture.failures, []);
    fixture.clock.advance(1_000_000);
    assertEquals(fixture.failures, maxPauseMs === Infinity ? [] : ["alone"]);
    assertEquals([fixture.flow.isPaused, fixture.clock.pendingTimers], [maxPauseMs === Infinity, 0]);
  });
}

Deno.test("[B4] ReceiveFlow gives a pause its limit when a second call is opened", () => {
  using fixture = new Fixture({ maxPauseMs: Infinity });
  fill(fixture.open("slow"), 1500);
  fixture.pause();
  fixture.clock.advance(1_000_000);
  const other = fixture.open("other");
  fixture.clock.advance(500);
  fixture.end(other);
  // Nobody is held up any more; what was is not forgotten.
  fixture.clock.advance(1_000_000);
  fixture.open("third");
  fixture.clock.advance(499);
  assertEquals(fixture.failures, []);
  fixture.clock.advance(1);
  assertEquals(fixture.failures, ["slow"]);
});

Deno.test("[B4] ReceiveFlow counts the time of each pause anew", async () => {
  using fixture = new Fixture();
  const [slow] = [fixture.open("now and then"), fixture.open("other")];
  fill(slow, 1500);
  for (let i = 0; i < 10; i++) {
    const pause = fixture.pause();
    fixture.clock.advance(999);
    takeOne(slow);
    await pause;
    assertEquals(fixture.flow.pause(), undefined);
    fill(slow, 500);
  }
  assertEquals(fixture.failures, []);
});

Deno.test("[B4] ReceiveFlow fails all slow streams together, and only those", () => {
  using fixture = new Fixture();
  const buffers = ["a", "b", "c"].map((name) => fixture.open(name));
  fixture.open("idle");
  for (const buffer of buffers) fill(buffer, 1500);
  fixture.pause();
  for (const [i, buffer] of buffers.entries()) if (i === 1) takeOne(buffer);
  fixture.clock.advance(1000);
  assertEquals([fixture.failures, fixture.flow.isPaused], [["a", "c"], false]);
});

Deno.test("[B4] ReceiveFlow sees that a reader has caught up, and is held up itself from then on", () => {
  using fixture = new Fixture({ maxPauseMs: Infinity });
  const [stuck, quick] = [fixture.open("stuck"), fixture.open("quick")];
  fill(stuck, 1500);
  fill(quick, 1500);
  fixture.pause();
  fixture.clock.advance(1_000_000);
  assertEquals(fixture.failures, []);
  quick.clear();
  fixture.clock.advance(999);
  assertEquals(fixture.failures, []);
  fixture.clock.advance(1);
  assertEquals(fixture.failures, ["stuck"]);
});

Deno.test("[B4] ReceiveFlow fails those that hold most until there is room for others", () => {
  using fixture = new Fixture();
  for (const [name, bytes] of [["a", 500], ["b", 1000], ["c", 1000], ["d", 500]] as const) {
    fill(fixture.open(name), bytes);
  }
  const last = fixture.open("e");
  last.add(1);
  fixture.pause();
  fixture.clock.advance(1000);
  assertEquals([fixture.failures, fixture.flow.bytes], [["b"], 2000 + OVERHEAD + 1]);
});

Deno.test("[B4] ReceiveFlow drops what waits of a call that is over when it holds up others", () => {
  using fixture = new Fixture({ maxPauseMs: Infinity, streamBufferBytes: 10_000 });
  const over = fixture.open("over");
  fill(over, 3500);
  fixture.end(over);
  fixture.pause();
  fixture.clock.advance(1_000_000);
  assertEquals([fixture.failures, fixture.flow.isPaused], [[], true]);
  fixture.open("other");
  fixture.clock.advance(1000);
  assertEquals([fixture.failures, fixture.flow.isPaused, fixture.flow.bytes], [["over"], false, 0]);
});

Deno.test("[B3] ReceiveFlow waits for no stream that gets no further message", () => {
  using fixture = new Fixture();
  const buffer = fixture.open("a");
  fill(buffer, 1500);
  fixture.pause();
  fixture.end(buffer);
  assertEquals([fixture.flow.isPaused, fixture.flow.pause(), fixture.flow.bytes], [false, undefined, 1500]);
});

Deno.test("ReceiveFlow.stop() ends the pause, and leaves no timer", async () => {
  using fixture = new Fixture();
  fill(fixture.open("a"), 1500);
  const pause = fixture.pause();
  fixture.flow.stop();
  await pause;
  assertEquals([fixture.flow.pause(), fixture.flow.isPaused, fixture.clock.pendingTimers], [
    undefined,
    false,
    0,
  ]);
});
