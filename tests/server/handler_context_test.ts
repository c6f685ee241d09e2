import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertStrictEquals,
} from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { Code } from "../../src/rpc/code.ts";
import { Deadline } from "../../src/rpc/deadline.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { CallContext } from "../../src/server/handler_context.ts";
import { FakeClock } from "../fake_clock.ts";

const PURE = { permissions: "none" } as const;
const remote = { address: "memory" };

function contextWith(deadline?: Deadline, metadata: [string, string][] = []): CallContext {
  return new CallContext(Greeter.method.hello, remote, deadline, metadata);
}

Deno.test("CallContext knows method, service and caller", PURE, () => {
  const context = contextWith();
  assertStrictEquals(context.method, Greeter.method.hello);
  assertStrictEquals(context.service, Greeter);
  assertStrictEquals(context.remote, remote);
});

Deno.test("[C5] CallContext.metadata has its keys in lower case, in their order", PURE, () => {
  const { metadata } = contextWith(undefined, [["Trace-Id", "7"], ["b", "1"], ["TRACE-ID", "8"]]);
  assertEquals([...metadata], [["trace-id", "7"], ["b", "1"], ["trace-id", "8"]]);
  assertEquals(metadata.getAll("Trace-ID"), ["7", "8"]);
});

Deno.test("[X4] CallContext.signal aborts with the first reason, whenever it is asked for", PURE, () => {
  const [first, second] = [Code.Canceled, Code.Unavailable].map((code) => new TtrpcError("Over", code));
  assert(first !== undefined && second !== undefined);
  const early = contextWith();
  assertEquals(early.signal.aborted, false);
  const late = contextWith();
  for (const context of [early, late]) {
    context.abort(first);
    context.abort(second);
    assertStrictEquals(context.signal.reason, first);
    assertStrictEquals(context.signal, context.signal);
  }
});

Deno.test("CallContext.timeoutMs counts down to 0", PURE, () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const context = contextWith(Deadline.afterMs(50));
  assertEquals(context.timeoutMs, 50);
  clock.advance(20);
  assertEquals(context.timeoutMs, 30);
  clock.advance(40);
  assertEquals(context.timeoutMs, 0);
});

Deno.test("CallContext.deadline is a moment that stays", PURE, () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const before = Date.now();
  const context = contextWith(Deadline.afterMs(60_000));
  const deadline = context.deadline?.getTime() ?? 0;
  assertGreaterOrEqual(deadline, before + 60_000);
  assertLessOrEqual(deadline, Date.now() + 60_000);
  clock.advance(90_000);
  assertEquals(context.deadline?.getTime(), deadline);
});

Deno.test("CallContext has neither deadline nor timeout where the caller gave none", PURE, () => {
  const context = contextWith(Deadline.afterNanos(0n));
  assertEquals([context.deadline, context.timeoutMs], [undefined, undefined]);
});
