// The module in one program: serves a small service on a socket in a temporary folder, calls it in every way,
// and says line by line what happens. Run it with `deno task demo`.
import { Code, createTransport, serve, TtrpcError } from "@ttrpc/ttrpc";
import { MissingFieldSchema } from "../gen/greeter/v1/greeter_pb.ts";
import { createGreeterClient, registerGreeter } from "../gen/greeter/v1/greeter_ttrpc.ts";

const started = performance.now();
const say = (line = "") => console.log(line);
const folder = await Deno.makeTempDir({ prefix: "ttrpc-demo-" });
let lastAbort: TtrpcError | undefined;

const server = await serve({
  address: `${folder}/greeter.sock`,
  routes: (router) =>
    registerGreeter(router, {
      hello({ name }) {
        if (name !== "") return { text: `Hello, ${name}` };
        const details = [{ desc: MissingFieldSchema, value: { field: "name" } }];
        throw new TtrpcError("Whom shall I greet?", Code.InvalidArgument, { details });
      },
      async *count({ n, delayMs }, { signal }) {
        signal.addEventListener("abort", () => lastAbort = signal.reason);
        for (let i = 0; i < n && !signal.aborted; i++) {
          yield { i };
          await new Promise((resolve) => setTimeout(resolve, delayMs));
        }
      },
      async helloAll(requests) {
        const names = await Array.fromAsync(requests, ({ name }) => name);
        return { text: `Hello, ${names.join(" and ")}` };
      },
      async *chat(requests) {
        for await (const { name } of requests) yield { text: `Hello, ${name}` };
      },
    }),
});
say(`A server listens on ${server.address}, a socket file that only its owner may use.`);

const transport = createTransport({ address: server.address });
const greeter = createGreeterClient(transport);
say("A client connects at its first call, and makes all its calls over that one connection.");

say("\n1. Unary: one request, one reply");
say(`   hello("Ada") -> "${(await greeter.hello({ name: "Ada" })).text}"`);

say("\n2. Server streaming: one request, many replies");
say("   count(3)");
for await (const { i } of greeter.count({ n: 3 })) say(`     -> ${i}`);
say("   the server has ended the stream");

say("\n3. Client streaming: many requests, one reply");
const { text } = await greeter.helloAll([{ name: "Ada" }, { name: "Grace" }]);
say(`   helloAll("Ada", "Grace") -> "${text}"`);

say("\n4. Bidi: requests and replies side by side");
for await (const { text } of greeter.chat(names())) say(`     -> "${text}"`);

say("\n5. A deadline: 100 ms for a call that takes longer");
let inTime = 0;
await expectError(async () => {
  for await (const _ of greeter.count({ n: 1000, delayMs: 20 }, { timeoutMs: 100 })) inTime++;
});
say(`   ${inTime} of 1000 replies came in time`);

say("\n6. An error with a detail: hello of nobody");
const error = await expectError(() => greeter.hello({ name: "" }));
for (const { field } of error.findDetails(MissingFieldSchema)) {
  say(`   its detail: the field "${field}" is missing`);
}

say("\n7. A cancel: leave the loop after two of a million replies");
for await (const { i } of greeter.count({ n: 1_000_000, delayMs: 5 })) {
  say(`     -> ${i}`);
  if (i === 1) break;
}
await greeter.hello({ name: "whoever reads this after the cancel" });
say(`   the handler's signal has aborted: ${lastAbort?.message}`);

await transport.close();
await server.shutdown();
await Deno.remove(folder, { recursive: true });
say(
  `\nDone in ${
    Math.round(performance.now() - started)
  } ms: the socket file is gone, and nothing is left open.`,
);

async function* names() {
  for (const name of ["Ada", "Grace"]) {
    say(`     <- "${name}"`);
    yield { name };
    await Promise.resolve();
  }
}

async function expectError(call: () => Promise<unknown>): Promise<TtrpcError> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof TtrpcError)) throw error;
    say(`   fails with code ${error.code}: ${error.message}`);
    return error;
  }
  throw new Error("The call should have failed");
}
