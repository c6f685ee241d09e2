import { assertEquals, assertStrictEquals } from "@std/assert";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { Code } from "../../src/rpc/code.ts";
import { createContextValues } from "../../src/rpc/context_values.ts";
import { Deadline } from "../../src/rpc/deadline.ts";
import { Metadata } from "../../src/rpc/metadata.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
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
  assertStrictEquals(context.metadata, request.metadata);
  assertStrictEquals(context.contextValues, request.contextValues);
  assertStrictEquals(context.method, Greeter.method.hello);
  assertStrictEquals(context.service, Greeter);
  assertStrictEquals(context.remote, call.remote);
  assertStrictEquals(context.deadline, call.deadline);
  clock.advance(20);
  assertEquals(context.timeoutMs, 30);
});

Deno.test("InterceptedContext.signal is one that an interceptor has put in, and the call's as well", {
  permissions: "none",
}, () => {
  const makeContext = (controller?: AbortController) => {
    const call = new CallContext(Greeter.method.hello, { address: "memory" }, undefined, []);
    const { metadata, contextValues } = call;
    const signal = controller?.signal ?? call.signal;
    return {
      call,
      context: new InterceptedContext(call, { service: Greeter, signal, metadata, contextValues }),
    };
  };
  const { call, context } = makeContext();
  assertStrictEquals(context.signal, call.signal);

  const reason = new TtrpcError("Enough", Code.Canceled);
  const ofCall = makeContext(new AbortController());
  const first = ofCall.context.signal;
  assertStrictEquals(ofCall.context.signal, first);
  ofCall.call.abort(reason);
  assertStrictEquals(first.reason, reason);

  const controller = new AbortController();
  const ofInterceptor = makeContext(controller);
  controller.abort(reason);
  assertStrictEquals(ofInterceptor.context.signal.reason, reason);
});
