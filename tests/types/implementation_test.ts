import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import type { GreeterClient, GreeterImplementation } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { Plain } from "../../gen/interop/v1/plain_pb.ts";
import type { PlainClient, PlainImplementation } from "../../gen/interop/v1/plain_ttrpc.ts";
import type { CallOptions, Client, HandlerContext, Router, ServiceImplementation } from "../../mod.ts";
import { assertType, type Fits, neverRun } from "./assert_type.ts";

declare const router: Router;

type Generic = ServiceImplementation<typeof Greeter>;

Deno.test("HandlerContext is a valid CallOptions", () => {
  assertType<Fits<HandlerContext, CallOptions>>();
});

Deno.test("a client is an implementation, generated or not", () => {
  assertType<Fits<GreeterClient, GreeterImplementation>>();
  assertType<Fits<GreeterClient, Partial<GreeterImplementation>>>();
  assertType<Fits<GreeterClient, Generic>>();
  assertType<Fits<Client<typeof Greeter>, GreeterImplementation>>();
  assertType<Fits<Client<typeof Greeter>, Generic>>();
  // @ts-expect-error -- an implementation takes messages with all their fields
  assertType<Fits<GreeterImplementation, GreeterClient>>();
  // @ts-expect-error -- a client of another service
  assertType<Fits<PlainClient, GreeterImplementation>>();
});

Deno.test("ServiceImplementation<Service> and the generated one are the same to the compiler", () => {
  assertType<Fits<Generic, GreeterImplementation>>();
  assertType<Fits<GreeterImplementation, Generic>>();
  assertType<Fits<PlainImplementation, ServiceImplementation<typeof Plain>>>();
});

Deno.test("Router takes every form of handler", () => {
  neverRun(() => {
    router.service(Greeter, {
      hello: async ({ name }) => await Promise.resolve({ text: name }),
      count: ({ n }) => [{ i: n }],
      helloAll: () => ({}),
      async *chat(requests, { signal, timeoutMs, metadata, deadline, remote, service }) {
        for await (const { name } of requests) yield { text: name };
        const parts = [signal.aborted, timeoutMs?.toFixed(), metadata.get("a"), deadline?.getTime()];
        yield { text: [...parts, remote.address, service.typeName].join() };
      },
    });
    router.service(Greeter, { count: () => new Set([{ i: 1 }]) });
    router.service(Greeter, { count: () => ReadableStream.from([{ i: 1 }]) });
    router.rpc(Greeter.method.hello, () => ({})).rpc(Plain.method.repeat, (text) => text);
  });
});

Deno.test("Router refuses handlers of another shape", () => {
  neverRun(() => {
    // @ts-expect-error -- no such method
    router.service(Greeter, { goodbye: () => ({}) });
    // @ts-expect-error -- no such field of the reply
    router.service(Greeter, { hello: () => ({ name: "Ada" }) });
    // @ts-expect-error -- one reply where a stream is due
    router.service(Greeter, { count: () => ({ i: 1 }) });
    // @ts-expect-error -- a stream where one reply is due
    router.service(Greeter, { hello: () => [{ text: "Ada" }] });
    // @ts-expect-error -- a promise of a stream
    router.service(Greeter, { count: () => Promise.resolve([{ i: 1 }]) });
    // @ts-expect-error -- requests come one after the other
    router.service(Greeter, { helloAll: (requests) => ({ text: requests.name }) });
    // @ts-expect-error -- no such field of the request
    router.service(Greeter, { hello: ({ nam }) => ({ text: nam }) });
    // @ts-expect-error -- the handler of another method
    router.rpc(Greeter.method.count, () => ({ text: "" }));
  });
});
