import { Greeter } from "../../gen/greeter/v1/greeter_pb.ts";
import type { CountReply, HelloReply } from "../../gen/greeter/v1/greeter_pb.ts";
import type { GreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import type { Interop } from "../../gen/interop/v1/interop_pb.ts";
import type { InteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { Plain } from "../../gen/interop/v1/plain_pb.ts";
import { type Client, createClient, type Transport } from "../../mod.ts";
import { assertType, type Fits, neverRun } from "./assert_type.ts";

declare const transport: Transport;
declare const greeter: GreeterClient;

Deno.test("Client<Service> and the generated client are the same to the compiler", () => {
  assertType<Fits<Client<typeof Greeter>, GreeterClient>>();
  assertType<Fits<GreeterClient, Client<typeof Greeter>>>();
  // @ts-expect-error -- a client of another service
  assertType<Fits<Client<typeof Plain>, GreeterClient>>();
});

Deno.test("Client<Service> and the generated client are the same for a service with odd types", () => {
  assertType<Fits<Client<typeof Interop>, InteropClient>>();
  assertType<Fits<InteropClient, Client<typeof Interop>>>();
});

Deno.test("Client<Service> knows the replies of each kind", () => {
  type Generic = Client<typeof Greeter>;
  assertType<Fits<ReturnType<Generic["hello"]>, Promise<HelloReply>>>();
  assertType<Fits<ReturnType<Generic["count"]>, AsyncIterable<CountReply>>>();
  assertType<Fits<ReturnType<Generic["helloAll"]>, Promise<HelloReply>>>();
  assertType<Fits<ReturnType<Generic["chat"]>, AsyncIterable<HelloReply>>>();
  // @ts-expect-error -- a stream is no promise
  assertType<Fits<ReturnType<Generic["count"]>, Promise<CountReply>>>();
});

Deno.test("Client<Service> takes what its methods take, and nothing else", () => {
  neverRun(async () => {
    const client = createClient(Greeter, transport);
    for (const either of [client, greeter]) {
      await either.hello({ name: "Ada" }, { timeoutMs: 1, metadata: { a: ["b"] }, signal: undefined });
      await either.helloAll([{ name: "Ada" }]);
      await either.helloAll(ReadableStream.from([{ name: "Ada" }]));
      for await (const { i } of either.count({ n: 1 })) i.toFixed();
      // @ts-expect-error -- no such field
      await either.hello({ nam: "Ada" });
      // @ts-expect-error -- another type of field
      await either.hello({ name: 7 });
      // @ts-expect-error -- no such method
      await either.goodbye({});
      // @ts-expect-error -- a request is missing
      await either.hello();
      // @ts-expect-error -- no such option
      await either.hello({}, { timeout: 7 });
      // @ts-expect-error -- a stream where one message is due
      await either.hello([{ name: "Ada" }]);
      // @ts-expect-error -- one message where a stream is due
      await either.helloAll({ name: "Ada" });
      // @ts-expect-error -- messages of another type
      for await (const reply of either.chat([{ n: 7 }])) reply.text.trim();
      // @ts-expect-error -- no such field of the reply
      (await either.hello({})).name.trim();
    }
  });
});

Deno.test("Transport takes unary methods for unary(), the others for stream()", () => {
  neverRun(() => {
    const { hello, count, helloAll, chat } = Greeter.method;
    transport.unary(hello, { name: "Ada" }).then(({ text }) => text.trim());
    transport.stream(count, [{ n: 1 }])[Symbol.asyncIterator]().next().then(({ value }) =>
      value?.i.toFixed()
    );
    for (const method of [helloAll, chat]) transport.stream(method, [{ name: "Ada" }]);
    // @ts-expect-error -- no unary method
    transport.unary(count, { n: 1 });
    // @ts-expect-error -- no streaming method
    transport.stream(hello, [{ name: "Ada" }]);
    // @ts-expect-error -- a message of another method
    transport.unary(hello, { n: 1 });
  });
});
