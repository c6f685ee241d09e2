import { assertEquals, assertMatch } from "@std/assert";
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { serve } from "../../src/net/serve.ts";
import { greet } from "./greet.ts";

Deno.test("createTransport() and serve() carry all four kinds of call over TCP", async () => {
  const names = [{ name: "Ada" }, { name: "Grace" }];
  await using server = await serve({ address: "tcp://127.0.0.1:0", routes: greet });
  assertMatch(server.address, /^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
  await using transport = createTransport({ address: server.address });
  const greeter = createGreeterClient(transport);
  assertMatch((await greeter.hello({ name: "Ada" })).text, /^Hello, Ada at tcp:\/\/127\.0\.0\.1:\d+$/);
  const long = "a".repeat(2_000_000);
  assertEquals((await greeter.hello({ name: long })).text.length > long.length, true);
  assertEquals(await Array.fromAsync(greeter.count({ n: 1000 }), ({ i }) => i), [...Array(1000).keys()]);
  assertEquals((await greeter.helloAll(names)).text, "Ada,Grace");
  assertEquals(await Array.fromAsync(greeter.chat(names), ({ text }) => text), ["Ada", "Grace"]);
});
