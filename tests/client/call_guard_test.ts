import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { getEventListeners } from "node:events";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { CallGuard } from "../../src/client/call_guard.ts";
import type { CallOptions } from "../../src/rpc/call_options.ts";
import { Code } from "../../src/rpc/code.ts";
import { createContextValues } from "../../src/rpc/context_values.ts";
import type { InterceptedCall } from "../../src/rpc/interceptor.ts";
import { Metadata } from "../../src/rpc/metadata.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { FakeClock } from "../fake_clock.ts";

const PURE = { permissions: "none" } as const;

function guardOf(
  options: CallOptions,
  defaultTimeoutMs = Infinity,
): { guard: CallGuard; call: InterceptedCall } {
  const guard = new CallGuard(options, defaultTimeoutMs);
  const { signal } = guard;
  const call = { service: Greeter, signal, metadata: new Metadata(), contextValues: createContextValues() };
  return { guard, call };
}

Deno.test(
  "[X4] CallGuard.signal aborts with the caller's, and says whether a Request was sent",
  PURE,
  () => {
    for (const isSent of [false, true]) {
      const controller = new AbortController();
      const { guard, call } = guardOf({ signal: controller.signal });
      guard.begin();
      guard.pass(call);
      if (isSent) guard.callSent();
      controller.abort("enough");
      const { code, cause, requestSent } = guard.signal.reason;
      assertEquals([code, cause, requestSent], [Code.Canceled, "enough", isSent]);
    }
  },
);

Deno.test("[D3] CallGuard.signal aborts at the deadline, and says whether a Request was sent", PURE, () => {
  for (const isSent of [false, true]) {
    const clock = new FakeClock();
    using _ = clock.install();
    const { guard, call } = guardOf({ timeoutMs: 10 });
    clock.advance(4);
    guard.begin();
    assertEquals(guard.pass(call).timeoutMs, 6);
    if (isSent) guard.callSent();
    clock.advance(5);
    assertEquals(guard.signal.aborted, false);
    clock.advance(1);
    const { code, requestSent } = guard.signal.reason;
    assertEquals([code, requestSent], [Code.DeadlineExceeded, isSent]);
  }
});

Deno.test("CallGuard.begin() throws of a call that is over already", PURE, () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { guard } = guardOf({}, 10);
  clock.advance(10);
  assertThrows(() => guard.begin(), TtrpcError, "context deadline exceeded");
  const { guard: other } = guardOf({ signal: AbortSignal.abort() });
  assertThrows(() => other.begin(), TtrpcError, "The call was canceled");
  assertEquals(clock.pendingTimers, 0);
});

Deno.test("CallGuard.end() forgets signal and deadline, and aborts what is left", PURE, () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const { signal } = new AbortController();
  const { guard } = guardOf({ signal, timeoutMs: 10 });
  guard.begin();
  assertEquals([getEventListeners(signal, "abort").length, clock.pendingTimers], [1, 1]);
  guard.end();
  guard.end();
  assertEquals([getEventListeners(signal, "abort").length, clock.pendingTimers], [0, 0]);
  assertEquals(guard.signal.reason.message, "[canceled] The call has ended");
});

Deno.test("CallGuard.pass() gives no default time to a call that has none", PURE, () => {
  const { guard, call } = guardOf({ timeoutMs: Infinity }, 10);
  assertEquals(guard.pass(call).timeoutMs, Infinity);
});

Deno.test("CallGuard.pass() lets a signal of an interceptor end the call earlier, never later", PURE, () => {
  const { guard, call } = guardOf({});
  assertStrictEquals(guard.pass(call).signal, guard.signal);
  const own = new AbortController();
  const signals = [own.signal, new AbortController().signal].map((signal) =>
    guard.pass({ ...call, signal }).signal
  );
  own.abort("enough");
  assertEquals(signals.map((signal) => signal?.reason), ["enough", undefined]);
  guard.end();
  assertEquals(signals.map((signal) => signal?.aborted), [true, true]);
});
