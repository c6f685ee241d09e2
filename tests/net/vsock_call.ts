/** A program that serves a greeter on vsock, calls it on the same machine, and prints what comes of it. */
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { serve } from "../../src/net/serve.ts";
import { greet } from "./greet.ts";

const port = Deno.args[0] ?? "";

async function call(): Promise<string> {
  await using _server = await serve({ address: `vsock://-1:${port}`, routes: greet });
  await using transport = createTransport({ address: `vsock://1:${port}` });
  return (await createGreeterClient(transport).hello({ name: "Ada" })).text;
}

const outcome = await call().catch((error: Error) => error.message);
await Deno.stdout.write(new TextEncoder().encode(outcome));
