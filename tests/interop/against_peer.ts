import { createInteropClient, type InteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { StatsResponse } from "../../gen/interop/v1/interop_pb.ts";
import { createTransport, type Transport } from "../../mod.ts";
import type { PeerProcess } from "./peer_process.ts";
import type { PeerServer } from "./peer_servers.ts";

/** What a test with a peer's server has. */
export interface Peers {
  readonly peer: PeerServer;
  readonly server: PeerProcess;
  readonly transport: Transport;
  readonly interop: InteropClient;
}

/** A test of the client with a server of its own. */
export function testAgainst(peer: PeerServer, name: string, run: (peers: Peers) => Promise<void>): void {
  peer.programs.test(name, async () => {
    await using server = await peer.programs.startServer(...peer.flags);
    await using transport = createTransport({ address: server.address });
    await run({ peer, server, transport, interop: createInteropClient(transport) });
  });
}

/** The same test with several servers. */
export function testAgainstEach(
  peers: readonly PeerServer[],
  name: string,
  run: (peers: Peers) => Promise<void>,
): void {
  for (const peer of peers) testAgainst(peer, `${name} (${peer.name})`, run);
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
