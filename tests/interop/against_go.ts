import { createInteropClient, type InteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { StatsResponse } from "../../gen/interop/v1/interop_pb.ts";
import { createTransport, type Transport } from "../../mod.ts";
import { GoServer, testWithGo } from "./go_peers.ts";

/** What a test with a Go server has. */
export interface Peers {
  readonly server: GoServer;
  readonly transport: Transport;
  readonly interop: InteropClient;
}

/** A test of the client with a Go server of its own. */
export function testAgainstGo(name: string, run: (peers: Peers) => Promise<void>): void {
  testWithGo(name, async () => {
    await using server = await GoServer.start();
    await using transport = createTransport({ address: server.address });
    await run({ server, transport, interop: createInteropClient(transport) });
  });
}

/** Asks a server for its counters until so many handlers run. */
export async function untilActive(interop: InteropClient, active: bigint): Promise<StatsResponse> {
  for (let left = 100_000; left > 0; left--) {
    const stats = await interop.stats({});
    if (stats.active === active) return stats;
  }
  throw new Error(`There never were ${active} handlers running`);
}

/** Messages that never end. */
export async function* endless<T>(...messages: T[]): AsyncGenerator<T> {
  yield* messages;
  await new Promise(() => {});
}
