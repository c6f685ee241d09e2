// Calls the Greeter that server.ts serves:
//   deno run --allow-read --allow-write --allow-net examples/greeter/client.ts /tmp/greeter.sock
import { createTransport, TtrpcError } from "@ttrpc/ttrpc";
import { MissingFieldSchema } from "../../gen/greeter/v1/greeter_pb.ts";
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";

await using transport = createTransport({ address: Deno.args[0] ?? "greeter.sock" });
const greeter = createGreeterClient(transport);

// Unary: one request, one reply.
console.log((await greeter.hello({ name: "Ada" }, { timeoutMs: 500 })).text);

// Server streaming: one request, many replies.
for await (const { i } of greeter.count({ n: 3 })) console.log(i);

// Client streaming: many requests, one reply.
console.log((await greeter.helloAll([{ name: "Ada" }, { name: "Grace" }])).text);

// Bidi: many requests, many replies.
for await (const { text } of greeter.chat([{ name: "Ada" }, { name: "Grace" }])) console.log(text);

// An error with details.
try {
  await greeter.hello({ name: "" });
} catch (error) {
  if (!(error instanceof TtrpcError)) throw error;
  const [missing] = error.findDetails(MissingFieldSchema);
  console.log(`${error.message}; missing: ${missing?.field}`);
}
