/**
 * A program that serves a greeter at the address in its first argument, with `authorize` if there is a second
 * one, until its input ends. It prints a line when it listens, one for each error, and at the end how many
 * sockets are open besides those that were at the beginning, and its counters.
 */
import { sameUser } from "../../src/net/authorize.ts";
import { serve } from "../../src/net/serve.ts";
import { countSettledSockets, countSockets } from "./count_sockets.ts";
import { greet } from "./greet.ts";

const [address = "", authorizes] = Deno.args;

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

const ended = Array.fromAsync(Deno.stdin.readable);
// What Deno opens for its first socket stays open.
await (await serve({ address, routes: greet })).shutdown();
const before = countSockets();
const server = await serve({
  address,
  routes: greet,
  ...(authorizes && { authorize: sameUser }),
  onListen: () => print("listening"),
  onError: (error) => print(String(error)),
});
await ended;
await server.shutdown();
const { callsByCode, ...stats } = server.stats();
const sockets = await countSettledSockets(before) - before;
print(JSON.stringify({ sockets, answered: callsByCode.get(0), ...stats }));
