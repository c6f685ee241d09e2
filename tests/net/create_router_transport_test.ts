import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import { createRouterTransport } from "../../src/net/create_router_transport.ts";
import { Code } from "../../src/rpc/code.ts";
import type { Interceptor } from "../../src/rpc/interceptor.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import { createRouter } from "../../src/server/create_router.ts";
import type { Routes } from "../../src/server/router.ts";
import type { ErrorContext } from "../../src/server/serve_connection.ts";
import { greet } from "./greet.ts";
import { assertStats } from "../assert_stats.ts";

const NAMES = [{ name: "Ada" }, { name: "Grace" }];

Deno.test("createRouterTransport() carries all four kinds of call", { permissions: "none" }, async () => {
  await using transport = createRouterTransport(greet);
  const greeter = createGreeterClient(transport);
  assertEquals((await greeter.hello({ name: "Ada" })).text, "Hello, Ada at memory");
  assertEquals(await Array.fromAsync(greeter.count({ n: 3 }), ({ i }) => i), [0, 1, 2]);
  assertEquals((await greeter.helloAll(NAMES)).text, "Ada,Grace");
  assertEquals(await Array.fromAsync(greeter.chat(NAMES), ({ text }) => text), ["Ada", "Grace"]);
  assertStats(transport.stats(), { openCalls: 0, lateFrames: 0 });
});

Deno.test("createRouterTransport() takes a router, and gives errors", { permissions: "none" }, async () => {
  const router = createRouter().service(Greeter, {
    hello() {
      throw new TtrpcError("Nobody to greet", Code.InvalidArgument);
    },
  });
  await using transport = createRouterTransport(router);
  const error = await assertRejects(
    () => createGreeterClient(transport).hello({}),
    TtrpcError,
    "Nobody to greet",
  );
  assertEquals(error.code, Code.InvalidArgument);
});

Deno.test(
  "[L1] createRouterTransport() holds both sides to its limits",
  { permissions: "none" },
  async () => {
    await using transport = createRouterTransport(greet, {
      transport: { readMaxBytes: 100 },
      server: { readMaxBytes: 100 },
    });
    const greeter = createGreeterClient(transport);
    const error = await assertRejects(() => greeter.hello({ name: "a".repeat(200) }), TtrpcError);
    assertEquals([error.code, error.rawMessage], [
      Code.ResourceExhausted,
      "message length 233 exceed maximum message size of 100",
    ]);
    assertEquals((await greeter.hello({ name: "Ada" })).text, "Hello, Ada at memory");
  },
);

Deno.test("createRouterTransport() refuses wrong limits and routes", { permissions: "none" }, () => {
  const wrong = { readMaxBytes: -1 };
  assertThrows(() => createRouterTransport(greet, { transport: wrong }), RangeError, "readMaxBytes");
  assertThrows(() => createRouterTransport(greet, { server: wrong }), RangeError, "readMaxBytes");
  assertThrows(
    () =>
      createRouterTransport((router) => {
        greet(router);
        greet(router);
      }),
    TypeError,
    "it was added before",
  );
});

Deno.test("createRouterTransport() tells onError which handler threw what", async () => {
  const told = Promise.withResolvers<[error: unknown, context: ErrorContext]>();
  const error = new RangeError("no such name");
  const routes: Routes = (router) =>
    router.rpc(Greeter.method.hello, () => {
      throw error;
    });
  const onError = (error: unknown, context: ErrorContext) => told.resolve([error, context]);
  await using transport = createRouterTransport(routes, { server: { onError } });
  await assertRejects(() => createGreeterClient(transport).hello({}), TtrpcError, "[unknown] no such name");
  assertEquals(await told.promise, [error, { remote: { address: "memory" }, method: Greeter.method.hello }]);
});

Deno.test(
  "createRouterTransport() gives each side its own interceptors",
  { permissions: "none" },
  async () => {
    const log: string[] = [];
    const note: Interceptor = (next) => (request) => {
      log.push(request.remote === undefined ? "client" : `server, by ${request.remote.address}`);
      return next(request);
    };
    const side = { interceptors: [note] };
    for (const options of [{}, { transport: side }, { server: side }, { transport: side, server: side }]) {
      await using transport = createRouterTransport(greet, options);
      await createGreeterClient(transport).hello({ name: "Ada" });
    }
    assertEquals(log, ["client", "server, by memory", "client", "server, by memory"]);
  },
);

Deno.test(
  "createRouterTransport() gives calls the client's default time",
  { permissions: "none" },
  async () => {
    await using transport = createRouterTransport(greet, { transport: { defaultTimeoutMs: 0 } });
    const greeter = createGreeterClient(transport);
    const { code } = await assertRejects(() => greeter.hello({ name: "Ada" }), TtrpcError);
    assertEquals(code, Code.DeadlineExceeded);
    assertEquals(
      (await greeter.hello({ name: "Ada" }, { timeoutMs: Infinity })).text,
      "Hello, Ada at memory",
    );
    assertThrows(
      () => createRouterTransport(greet, { transport: { defaultTimeoutMs: NaN } }),
      RangeError,
      "Cannot use NaN as defaultTimeoutMs",
    );
  },
);
