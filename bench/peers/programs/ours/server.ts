// Serves bench.v1.Bench and Rotation with this module until its stdin ends.
import { type Interceptor, type Router, serve } from "@ttrpc/ttrpc";
import { registerBench } from "../../../../gen/bench/v1/bench_ttrpc.ts";
import { Rotation } from "../../../../gen/bench/v1/rotation_pb.ts";
import { stdinEnd } from "../js/deno_lines.ts";
import { MessageCheck, messages, payloadsOf } from "../js/payloads.mjs";
import { readServerOptions } from "./server_options.ts";

const { maxConcurrentStreams, services, intercepts } = readServerOptions(Deno.args.slice(1));
const passOn: Interceptor = (next) => (request) => next(request);

await using _server = await serve({
  address: `unix://${Deno.args[0]}`,
  routes: await routes(),
  maxConcurrentStreams,
  interceptors: intercepts ? [passOn] : [],
  onListen: () => console.log("ready"),
});
await stdinEnd();

async function routes() {
  // Most servers have no use for what this imports.
  const more = services === 0 ? [] : (await import("./many_services.ts")).manyServices(services);
  return (router: Router) => {
    registerBench(router, {
      echo,
      download: ({ count, size }) => messages(payloadsOf(size), count),
      async upload(payloads) {
        const check = new MessageCheck();
        for await (const { data } of payloads) check.next(data);
        return { count: check.count };
      },
      exchange: (payloads) => payloads,
    });
    router.service(Rotation, Object.fromEntries(Object.keys(Rotation.method).map((name) => [name, echo])));
    for (const service of more) router.service(service, { echo });
  };
}

function echo<T>(message: T): T {
  return message;
}
