import { type CreateTransportOptions, listen, serve } from "../../mod.ts";
import { addServices, HandlerCounts } from "../interop/interop_service.ts";
import { TempFolder } from "../net/temp_folder.ts";
import { mustSettle } from "../waiting.ts";
import { type ATTACKED_CALLS, BEGIN } from "./attacked_calls.ts";
import { Attacker } from "./attacker.ts";
import { VictimProcess } from "./victim_process.ts";

const PROGRAM = new URL("victim_client.ts", import.meta.url);
/** The heap that a client has. */
const HEAP_MIB = 24;

/** How a client is attacked. */
export interface ClientAttack {
  /** What the limits of its connection add up to, in MiB: buffers, which lie outside the heap. */
  limitsMiB: number;
  options?: Omit<CreateTransportOptions, "address" | "connect">;
  /** What the client does meanwhile. */
  calls: keyof typeof ATTACKED_CALLS;
  run(attacker: Attacker, victim: VictimProcess): Promise<void>;
}

/**
 * Makes a test of an attack: the first connection of a client is the attacker's. The client's memory stays
 * within bounds, another client's calls in its process all succeed meanwhile, so does one of its own on the
 * next connection, and it ends with every gauge at 0.
 */
export function attackClient(name: string, { limitsMiB, options = {}, calls, run }: ClientAttack): void {
  Deno.test(name, async () => {
    using folder = new TempFolder();
    await using server = await serve({
      address: folder.file("good"),
      routes: (router) => addServices(router, new HandlerCounts()),
    });
    using listener = await listen(folder.file("attacker"));
    const args = [calls, listener.address, server.address, JSON.stringify(options)];
    await using victim = await VictimProcess.start(PROGRAM, args, HEAP_MIB);
    const connected = listener[Symbol.asyncIterator]().next();
    await victim.report(BEGIN);
    const { value } = await mustSettle("connecting", connected);
    {
      using attacker = new Attacker(value);
      await mustSettle("the attack", run(attacker, victim));
    }
    await victim.end(limitsMiB);
  });
}
