/**
 * A program that tries to reach addresses and prints what comes of each: `ok`, or the error's message.
 *
 * Its arguments are pairs of `connect`, `listen`, `serve` or `authorize`, and an address.
 */
import { connect } from "../../src/net/connect.ts";
import { listen } from "../../src/net/listen.ts";
import { serve } from "../../src/net/serve.ts";

const AUTHORIZE = { authorize: () => true };

async function reach(how: string, address: string): Promise<void> {
  if (how === "connect") (await connect(address)).close();
  else if (how === "listen") (await listen(address)).close();
  else await (await serve({ address, routes: () => {}, ...(how === "authorize" && AUTHORIZE) })).shutdown();
}

async function outcome(how: string, address: string): Promise<string> {
  try {
    await reach(how, address);
    return "ok";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const outcomes: string[] = [];
for (let i = 0; i < Deno.args.length; i += 2) {
  outcomes.push(await outcome(Deno.args[i] ?? "", Deno.args[i + 1] ?? ""));
}
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(outcomes)));
