import { assertLess } from "@std/assert";
import { createInteropClient, type InteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { connect, createTransport, type CreateTransportOptions, serve, type Transport } from "../../mod.ts";
import { assertIdle } from "../assert_stats.ts";
import { mustBecome, mustSettle } from "../waiting.ts";
import { addServices, HandlerCounts } from "../interop/interop_service.ts";
import { temporarySocket } from "../interop/temporary_socket.ts";
import { socketPair } from "../vectors/socket_pair.ts";
import { Attacker } from "./attacker.ts";
import { Innocent } from "./innocent.ts";
import { PeakMemory } from "./peak_memory.ts";

/** What the engine, and the attack itself, may take besides: garbage that is not collected yet. */
const ENGINE_MIB = 160;

/** A client under attack. */
export interface AttackedClient {
  client: InteropClient;
  transport: Transport;
}

/** How a client is attacked. */
export interface ClientAttack {
  /** What the limits of its connection add up to, in MiB. */
  limitsMiB: number;
  options?: CreateTransportOptions;
  run(attacker: Attacker, victim: AttackedClient): Promise<void>;
}

/**
 * Makes a test of an attack: the first connection of a client is the attacker's. Memory stays within bounds,
 * an innocent client's calls all succeed meanwhile, so does one of the victim on its next connection, and it
 * ends with every gauge at 0.
 */
export function attackClient(name: string, { limitsMiB, options, run }: ClientAttack): void {
  Deno.test(name, async () => {
    await using socket = await temporarySocket();
    await using server = await serve({
      address: socket.path,
      routes: (router) => addServices(router, new HandlerCounts()),
    });
    await using innocent = new Innocent(server.address);
    const [theirs, ours] = await socketPair();
    let connections = 0;
    await using transport = createTransport({
      ...options,
      connect: () => connections++ === 0 ? Promise.resolve(theirs) : connect(server.address),
    });
    const client = createInteropClient(transport);
    using memory = new PeakMemory();
    {
      using attacker = new Attacker(ours);
      await mustSettle("the attack", run(attacker, { client, transport }));
    }
    await mustBecome("the client notices the end", () => transport.stats().connections < connections);
    await client.echo({});
    await transport.close();
    assertIdle(transport.stats());
    const calls = await innocent.stop();
    const mostMiB = limitsMiB + ENGINE_MIB;
    console.log(`memory grew by ${memory.grownMiB} MiB of at most ${mostMiB}; ${calls} innocent calls`);
    assertLess(memory.grownMiB, mostMiB);
  });
}
