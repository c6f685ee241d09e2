import { assertEquals, assertStrictEquals } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { createContextValues } from "../../src/rpc/context_values.ts";
import { Deadline } from "../../src/rpc/deadline.ts";
import { Metadata } from "../../src/rpc/metadata.ts";
import { CallContext } from "../../src/server/handler_context.ts";
import { InterceptedContext } from "../../src/server/intercepted_context.ts";
import { FakeClock } from "../fake_clock.ts";

Deno.test("InterceptedContext is the call's, but for what interceptors may replace", {
  permissions: "none",
}, () => {
  const clock = new FakeClock();
  using _ = clock.install();
  const call = new CallContext(Greeter.method.hello, { address: "memory" }, Deadline.afterMs(50), []);
  const request = {
    service: Greeter,
    signal: new AbortController().signal,
    metadata: new Metadata(),
    contextValues: createContextValues(),
  };
  const context = new InterceptedContext(call, request);
  assertStrictEquals(context.signal, request.signal);
  assertStrictEquals(context.metadata, request.metadata);
  assertStrictEquals(context.contextValues, request.contextValues);
  assertStrictEquals(context.method, Greeter.method.hello);
  assertStrictEquals(context.service, Greeter);
  assertStrictEquals(context.remote, call.remote);
  assertStrictEquals(context.deadline, call.deadline);
  clock.advance(20);
  assertEquals(context.timeoutMs, 30);
});
