/**
 * A program that calls a greeter and does not close its transport: it ends by itself after the last reply.
 */
import { createGreeterClient } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { createTransport } from "../../src/net/create_transport.ts";

const greeter = createGreeterClient(createTransport({ address: Deno.args[0] ?? "" }));

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

print((await greeter.hello({ name: "Ada" })).text);
// The last reply comes when the server likes: only the open call keeps this program alive until then.
for await (const { text } of greeter.chat([{ name: "Ada" }])) print(text);
print("end of main");
