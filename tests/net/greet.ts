import { registerGreeter } from "../../gen/greeter/v1/greeter_ttrpc.ts";
import { Code } from "../../src/rpc/code.ts";
import { TtrpcError } from "../../src/rpc/ttrpc_error.ts";
import type { Router } from "../../src/server/router.ts";

/** Adds a greeter that says what it was told, and by whom. */
export function greet(router: Router): void {
  registerGreeter(router, {
    hello({ name }, { remote }) {
      if (name === "") throw new TtrpcError("Nobody to greet", Code.InvalidArgument);
      return { text: `Hello, ${name} at ${remote.address}` };
    },
    count: ({ n }) => Array.from({ length: n }, (_, i) => ({ i })),
    async helloAll(requests) {
      return { text: (await Array.fromAsync(requests, ({ name }) => name)).join() };
    },
    async *chat(requests) {
      for await (const { name } of requests) yield { text: name };
    },
  });
}
