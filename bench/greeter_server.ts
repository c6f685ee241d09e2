import { serve, type ServeOptions } from "@ttrpc/ttrpc";
import { registerGreeter } from "../gen/greeter/v1/greeter_ttrpc.ts";

/** A folder for sockets, which goes with this process. */
export function makeSocketFolder(): string {
  const folder = Deno.makeTempDirSync({ prefix: "ttrpc-bench-" });
  addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return folder;
}

/** Serves `greeter.v1.Greeter`, which says little and does nothing beside it, and resolves to the address. */
export async function serveGreeter(options: Partial<ServeOptions> = {}): Promise<string> {
  const { address } = await serve({
    address: `${makeSocketFolder()}/greeter.sock`,
    routes: (router) =>
      registerGreeter(router, {
        hello: ({ name }) => ({ text: name }),
        count: ({ n }) => Array.from({ length: n }, (_, i) => ({ i })),
        async helloAll(requests) {
          let count = 0;
          for await (const _ of requests) count++;
          return { text: String(count) };
        },
        async *chat(requests) {
          for await (const { name } of requests) yield { text: name };
        },
      }),
    ...options,
  });
  return address;
}
