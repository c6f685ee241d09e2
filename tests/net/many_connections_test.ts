// What is left of many connections: nothing. Each test prints what it measured.
import { assertEquals } from "@std/assert";
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import type { Transport } from "../../src/client/transport.ts";
import { sameUser } from "../../src/net/authorize.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { serve, type ServeOptions } from "../../src/net/serve.ts";
import { Code } from "../../src/rpc/code.ts";
import { assertIdle, assertStats } from "../assert_stats.ts";
import { countSettledSockets, countSockets } from "./count_sockets.ts";
import { greet } from "./greet.ts";
import { TempFolder } from "./temp_folder.ts";

const LINUX_ONLY = { ignore: Deno.build.os !== "linux" };

const AT_ONCE = 100;

/** Connects, calls once, and closes. */
async function callOnce(address: string): Promise<void> {
  const transport = createTransport({ address });
  await createGreeterClient(transport).hello({ name: "Ada" });
  await transport.close();
  assertIdle(transport.stats());
}

const RUNS: [about: string, connections: number, options: Partial<ServeOptions>][] = [
  ["", 10_000, {}],
  [" with authorize", 1_000, { authorize: sameUser }],
];

for (const [about, connections, options] of RUNS) {
  Deno.test(
    `serve()${about} keeps nothing of ${connections} connections that are used once`,
    LINUX_ONLY,
    async () => {
      using folder = new TempFolder();
      const sockets = countSockets();
      await using server = await serve({ address: folder.file("a.sock"), routes: greet, ...options });
      const start = performance.now();
      for (let called = 0; called < connections; called += AT_ONCE) {
        await Promise.all(Array.from({ length: AT_ONCE }, () => callOnce(server.address)));
      }
      const seconds = (performance.now() - start) / 1000;
      console.log(`${connections} connections, ${AT_ONCE} at once: ${seconds.toFixed(1)} s`);
      await server.shutdown();
      assertIdle(server.stats());
      const callsByCode = new Map([[Code.Ok, connections]]);
      assertStats(server.stats(), { callsByCode, receivedFrames: connections, sentFrames: connections });
      assertEquals(await countSettledSockets(sockets), sockets);
    },
  );
}

Deno.test("serve() holds 1000 connections at once that do nothing", LINUX_ONLY, async () => {
  using folder = new TempFolder();
  const address = folder.file("a.sock");
  const sockets = countSockets();
  await using server = await serve({ address, routes: greet });
  const transports: Transport[] = [];
  const [start, rss] = [performance.now(), Deno.memoryUsage().rss];
  while (transports.length < 1000) {
    const some = Array.from({ length: AT_ONCE }, () => createTransport({ address: server.address }));
    await Promise.all(some.map((transport) => createGreeterClient(transport).hello({ name: "Ada" })));
    transports.push(...some);
  }
  const kib = (Deno.memoryUsage().rss - rss) / 1024 / transports.length;
  console.log(
    `1000 connections in ${Math.round(performance.now() - start)} ms, ${
      kib.toFixed(0)
    } KiB for both ends of each`,
  );
  assertStats(server.stats(), { connections: 1000, openCalls: 0, queuedBytes: 0 });
  assertEquals(await countSettledSockets(sockets + 1 + 2 * 1000), sockets + 1 + 2 * 1000);
  // None of them is worse for the others.
  await Promise.all(transports.map((transport) => createGreeterClient(transport).hello({ name: "Ada" })));
  await Promise.all(transports.map((transport) => transport.close()));
  for (const transport of transports) assertIdle(transport.stats());
  await server.shutdown();
  assertIdle(server.stats());
  assertEquals(await countSettledSockets(sockets), sockets);
});
