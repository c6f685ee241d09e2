import { type CallOptions, createClient, type Transport } from "@ttrpc/ttrpc";
import type { Payload } from "../../../../gen/bench/v1/bench_pb.ts";
import { createBenchClient } from "../../../../gen/bench/v1/bench_ttrpc.ts";
import { manyServices } from "./many_services.ts";

/** How a row makes its unary calls. */
export interface EchoOptions {
  /** What all calls have, or the transport. */
  on?: keyof typeof SWITCHES | "interceptor";
  /** Calls the methods of so many services in turn. */
  services?: number;
}

const shared = new AbortController();

/** The options of a call with something switched on. */
const SWITCHES = {
  metadata: () => ({ metadata: { authorization: "Bearer sesame" } }),
  deadline: () => ({ timeoutMs: 60_000 }),
  signal: () => ({ signal: new AbortController().signal }),
  sharedSignal: () => ({ signal: shared.signal }),
} satisfies Record<string, () => CallOptions>;

type Echo = (data: Uint8Array<ArrayBuffer>) => Promise<Payload>;

/** The function that makes a row's unary calls. */
export function echoOf(transport: Transport, { on, services }: EchoOptions): Echo {
  const bench = createBenchClient(transport);
  if (services !== undefined) return echoInTurn(transport, services);
  if (on === undefined || on === "interceptor") return (data) => bench.echo({ data });
  const options = SWITCHES[on];
  return (data) => bench.echo({ data }, options());
}

function echoInTurn(transport: Transport, count: number): Echo {
  const clients = manyServices(count).map((service) => createClient(service, transport));
  let n = 0;
  return (data) => {
    const client = clients[n++ % count];
    if (client === undefined) throw new RangeError("Cannot call: there is no service");
    return client.echo({ data });
  };
}
