// Serves the Greeter on a socket until Ctrl-C:
//   deno run --allow-read --allow-write --allow-net examples/greeter/server.ts /tmp/greeter.sock
import { Code, serve, TtrpcError } from "@ttrpc/ttrpc";
import { MissingFieldSchema } from "../../gen/greeter/v1/greeter_pb.ts";
import { type GreeterImplementation, registerGreeter } from "../../gen/greeter/v1/greeter_ttrpc.ts";

const greeter: GreeterImplementation = {
  hello({ name }) {
    if (name === "") {
      throw new TtrpcError("Whom shall I greet?", Code.InvalidArgument, {
        details: [{ desc: MissingFieldSchema, value: { field: "name" } }],
      });
    }
    return { text: `Hello, ${name}` };
  },

  async *count({ n, delayMs }, { signal }) {
    for (let i = 0; i < n && !signal.aborted; i++) {
      if (delayMs > 0) await pause(delayMs, signal);
      yield { i };
    }
  },

  async helloAll(requests) {
    const names = await Array.fromAsync(requests, ({ name }) => name);
    return { text: `Hello, ${names.join(" and ")}` };
  },

  async *chat(requests) {
    for await (const { name } of requests) yield { text: `Hello, ${name}` };
  },
};

/** Waits, but no longer than the call. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

const server = await serve({
  address: Deno.args[0] ?? "greeter.sock",
  routes: (router) => registerGreeter(router, greeter),
  onListen: (address) => console.log(`Listening on ${address}`),
});
const onInterrupt = () => void server.shutdown();
Deno.addSignalListener("SIGINT", onInterrupt);
await server.finished;
Deno.removeSignalListener("SIGINT", onInterrupt);
