import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { connectWithin } from "../../src/client/connect_within.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { ControlledDuplex } from "../connection/controlled_duplex.ts";
import { FakeClock } from "../fake_clock.ts";
import { isPending } from "../is_pending.ts";
import { settled } from "../settled.ts";

const PURE = { permissions: "none" } as const;

/** An attempt that may take a second, and does what a test says. */
class Attempt implements Disposable {
  readonly clock = new FakeClock();
  readonly #clock = this.clock.install();
  readonly closed = new AbortController();
  readonly made = Promise.withResolvers<Duplex>();
  signal: AbortSignal | undefined;
  readonly duplex = connectWithin(
    ({ signal }) => {
      this.signal = signal;
      return this.made.promise;
    },
    1000,
    this.closed.signal,
  );

  [Symbol.dispose](): void {
    this.#clock[Symbol.dispose]();
  }
}

Deno.test(
  "[Z5] connectWithin() gives a connection that comes in time, and leaves no timer",
  PURE,
  async () => {
    using attempt = new Attempt();
    const { clock, closed, made, duplex } = attempt;
    clock.advance(999);
    assertEquals(await isPending(duplex), true);
    const connection = new ControlledDuplex();
    made.resolve(connection);
    assertStrictEquals(await duplex, connection);
    assertEquals(clock.pendingTimers, 0);
    clock.advance(1000);
    closed.abort();
    assertEquals([attempt.signal?.aborted, connection.closes], [false, 0]);
  },
);

Deno.test("[Z5] connectWithin() gives up in time, and closes what comes later", PURE, async () => {
  using attempt = new Attempt();
  attempt.clock.advance(1000);
  const error = await assertRejects(() => attempt.duplex, TtrpcError);
  assertEquals(error.rawMessage, "Cannot connect: no connection within 1000 ms");
  assertEquals([error.code, error.requestSent], [Code.Unavailable, false]);
  assertStrictEquals(attempt.signal?.reason, error);
  const late = new ControlledDuplex();
  attempt.made.resolve(late);
  await settled();
  assertEquals([late.closes, attempt.clock.pendingTimers], [1, 0]);
});

Deno.test(
  "connectWithin() gives up when no connection is needed, and closes what comes later",
  PURE,
  async () => {
    using attempt = new Attempt();
    const reason = new Error("closed");
    attempt.closed.abort(reason);
    assertStrictEquals(await assertRejects(() => attempt.duplex), reason);
    assertStrictEquals(attempt.signal?.reason, reason);
    const late = new ControlledDuplex();
    attempt.made.resolve(late);
    await settled();
    assertEquals([late.closes, attempt.clock.pendingTimers], [1, 0]);
  },
);

Deno.test("connectWithin() rejects with what connecting fails with, and leaves no timer", PURE, async () => {
  using attempt = new Attempt();
  const reason = new Error("refused");
  attempt.made.reject(reason);
  assertStrictEquals(await assertRejects(() => attempt.duplex), reason);
  assertEquals([attempt.signal?.aborted, attempt.clock.pendingTimers], [false, 0]);
});

Deno.test("connectWithin() rejects with what connecting throws", PURE, async () => {
  const reason = new Error("no such address");
  const connect = () => {
    throw reason;
  };
  const { signal } = new AbortController();
  assertStrictEquals(await assertRejects(() => connectWithin(connect, Infinity, signal)), reason);
});
