// Serves bench.v1.Bench with @connectrpc/connect-node until its stdin ends.
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { createServer } from "node:http2";
import { MessageCheck, messages, payloadsOf } from "../js/payloads.mjs";
import { Bench } from "./gen/bench/v1/bench_pb.js";
import { exitWithStdin } from "./lines.mjs";

const handler = connectNodeAdapter({
  routes: (router) =>
    router.service(Bench, {
      echo: (payload) => payload,
      async *download({ count, size }) {
        yield* messages(payloadsOf(size), count);
      },
      async upload(payloads) {
        const check = new MessageCheck();
        for await (const { data } of payloads) check.next(data);
        return { count: check.count };
      },
      exchange: (payloads) => payloads,
    }),
});
createServer(handler).listen(process.argv[2], () => console.log("ready"));
exitWithStdin();
