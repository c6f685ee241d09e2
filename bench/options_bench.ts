// What each option of a call costs when it is switched on: 64 unary calls at a time, over a unix socket.
import { createTransport, type Interceptor } from "@ttrpc/ttrpc";
import { createGreeterClient, type GreeterClient } from "../gen/greeter/v1/greeter_ttrpc.ts";
import { serveGreeter } from "./greeter_server.ts";

const IN_FLIGHT = 64;
const request = { name: "sixteen bytes..." };
const passOn: Interceptor = (next) => (request) => next(request);
const address = await serveGreeter();
const greeter = createGreeterClient(createTransport({ address }));
const intercepting = createGreeterClient(createTransport({ address, interceptors: [passOn] }));
const intercepted = createGreeterClient(
  createTransport({ address: await serveGreeter({ interceptors: [passOn] }) }),
);
const { signal } = new AbortController();

function benchCalls(name: string, call: () => ReturnType<GreeterClient["hello"]>, baseline = false): void {
  Deno.bench(`${IN_FLIGHT} calls, ${name}`, { group: "options", baseline }, async () => {
    await Promise.all(Array.from({ length: IN_FLIGHT }, call));
  });
}

benchCalls("nothing switched on", () => greeter.hello(request), true);
benchCalls("an interceptor of the client", () => intercepting.hello(request));
benchCalls("an interceptor of the server", () => intercepted.hello(request));
benchCalls("metadata", () => greeter.hello(request, { metadata: { authorization: "Bearer sesame" } }));
benchCalls("a deadline", () => greeter.hello(request, { timeoutMs: 60_000 }));
benchCalls("a signal for each", () => greeter.hello(request, { signal: new AbortController().signal }));
benchCalls("a signal for all", () => greeter.hello(request, { signal }));
