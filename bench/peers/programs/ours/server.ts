// Serves bench.v1.Bench with this module until its stdin ends.
import { serve } from "@ttrpc/ttrpc";
import { registerBench } from "../../../../gen/bench/v1/bench_ttrpc.ts";
import { stdinEnd } from "../js/deno_lines.ts";
import { MessageCheck, messages, payloadsOf } from "../js/payloads.mjs";

await using _server = await serve({
  address: `unix://${Deno.args[0]}`,
  routes: (router) =>
    registerBench(router, {
      echo: (payload) => payload,
      download: ({ count, size }) => messages(payloadsOf(size), count),
      async upload(payloads) {
        const check = new MessageCheck();
        for await (const { data } of payloads) check.next(data);
        return { count: check.count };
      },
      exchange: (payloads) => payloads,
    }),
  onListen: () => console.log("ready"),
});
await stdinEnd();
