// Servers that run out of file descriptors, each in a process of its own that may have few.
import { assertEquals, assertMatch } from "@std/assert";
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { assertIdle } from "../assert_stats.ts";
import { ServingProcess } from "./serving_process.ts";
import { TempFolder } from "./temp_folder.ts";

const LINUX_ONLY = { ignore: Deno.build.os !== "linux" };
const EXHAUSTED = /Too many open files/;

/** How many descriptors a server may have, those included that Deno itself takes. */
const LIMIT = 64;
const CLIENTS = LIMIT;

for (const authorizes of [false, true]) {
  const how = authorizes ? " with authorize" : "";
  Deno.test(`serve()${how} goes on accepting after it ran out of descriptors`, LINUX_ONLY, async () => {
    using folder = new TempFolder();
    const address = folder.file("a.sock");
    await using server = await ServingProcess.start({ address, authorizes, maxDescriptors: LIMIT });
    const error = server.nextError();
    const calls = Array.from({ length: CLIENTS }, async () => {
      await using transport = createTransport({ address });
      await createGreeterClient(transport).hello({ name: "Ada" }, { timeoutMs: 20_000 });
      // Nobody makes room for the others before.
      assertMatch(await error, EXHAUSTED);
    });
    await Promise.all(calls);
    const { errors, report } = await server.stop();
    for (const another of errors) assertMatch(another, EXHAUSTED);
    assertEquals([report.answered, report.sockets], [CLIENTS, 0]);
    assertIdle(report);
  });
}
