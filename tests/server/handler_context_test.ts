import {
  assert,
  assertEquals,
  assertGreaterOrEqual,
  assertLessOrEqual,
  assertStrictEquals,
} from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import type { CallOptions } from "../../src/rpc/call_options.ts";
import { Code } from "../../src/rpc/code.ts";
import { createContextKey, createContextValues } from "../../src/rpc/context_values.ts";
import { Deadline } from "../../src/rpc/deadline.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { CallContext, type HandlerContext } from "../../src/server/handler_context.ts";
import { InterceptedContext } from "../../src/server/intercepted_context.ts";
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

/** A context as a handler gets it: from its call, or from the interceptors in between. */
const CONTEXTS: [name: string, make: (deadline?: Deadline) => HandlerContext][] = [
  ["CallContext", (deadline) => contextWith(deadline, [["trace", "7"]])],
  ["InterceptedContext", (deadline) => {
    const { signal } = new AbortController();
    const { metadata, service } = contextWith(undefined, [["trace", "7"]]);
    const contextValues = createContextValues();
    return new InterceptedContext(contextWith(deadline), { service, signal, metadata, contextValues });
  }],
];

for (const [name, make] of CONTEXTS) {
  Deno.test(`${name}.callOptions() passes on what the context has`, PURE, () => {
    const clock = new FakeClock();
    using _ = clock.install();
    const context = make(Deadline.afterMs(50));
    clock.advance(20);
    const { signal, timeoutMs, metadata, contextValues, ...rest } = context.callOptions();
    assertStrictEquals(signal, context.signal);
    assertEquals(timeoutMs, 30);
    assertStrictEquals(metadata, context.metadata);
    assertStrictEquals(contextValues, context.contextValues);
    assertEquals(rest, {});
    assertEquals(make().callOptions().timeoutMs, undefined);
  });

  const overrides: Required<CallOptions> = {
    signal: new AbortController().signal,
    timeoutMs: 7,
    metadata: { other: "8" },
    contextValues: createContextValues(),
    waitForReady: true,
  };
  for (const field of ["signal", "timeoutMs", "metadata", "contextValues"] as const) {
    Deno.test(`${name}.callOptions() lets ${field} be changed, or left out`, PURE, () => {
      using _ = new FakeClock().install();
      const context = make(Deadline.afterMs(50));
      const { [field]: value, ...others } = context.callOptions({ [field]: overrides[field] });
      assertStrictEquals(value, overrides[field]);
      const { [field]: own, ...ownOthers } = context.callOptions();
      assertEquals(own === value, false);
      assertEquals(others, ownOthers);
      assertEquals(context.callOptions({ [field]: undefined }), { ...ownOthers, [field]: undefined });
    });
  }
}

Deno.test("CallContext.contextValues are defaults, and stay the same", PURE, () => {
  const user = createContextKey("nobody");
  const context = contextWith();
  assertEquals(context.contextValues.get(user), "nobody");
  context.contextValues.set(user, "ada");
  assertEquals(context.contextValues.get(user), "ada");
});
