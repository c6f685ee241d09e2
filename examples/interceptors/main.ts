/**
 * All three interceptors at work: `deno run examples/interceptors/main.ts`.
 *
 * @module
 */
import { createGreeterClient, registerGreeter } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { createRouterTransport } from "../../mod.ts";
import { authenticate, sendToken, user } from "./auth.ts";
import { logCalls } from "./log.ts";
import { retryUnary } from "./retry.ts";

await using transport = createRouterTransport(
  (router) =>
    registerGreeter(router, {
      hello: ({ name }, { contextValues }) => ({
        text: `Hello, ${name}; ${contextValues.get(user)} says hi`,
      }),
      count: ({ n }) => Array.from({ length: n }, (_, i) => ({ i })),
    }),
  {
    transport: {
      interceptors: [
        logCalls(console.log),
        retryUnary({ attempts: 3, waitMs: 10, idempotent: ["greeter.v1.Greeter/Hello"] }),
        sendToken("open sesame"),
      ],
    },
    server: { interceptors: [authenticate(new Map([["open sesame", "Ali"]]))] },
  },
);
const greeter = createGreeterClient(transport);

console.log((await greeter.hello({ name: "Ada" })).text);
for await (const { i } of greeter.count({ n: 3 })) console.log(i);
