/**
 * A server to be killed: prints a line once it listens, and the number of each call before it does anything
 * for it.
 */
import { registerInterop } from "../../gen/interop/v1/interop_ttrpc.ts";
import { serve } from "../../src/net/serve.ts";
import { createService } from "./ledger_service.ts";

function print(line: number | string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

await serve({
  address: Deno.args[0] ?? "",
  routes: (router) => registerInterop(router, createService({ served: print })),
  onListen: () => print("listening"),
});
