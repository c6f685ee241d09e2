import type { ServeOptions } from "../../mod.ts";
import { temporarySocket } from "../interop/temporary_socket.ts";
import { mustSettle } from "../waiting.ts";
import { Attacker } from "./attacker.ts";
import { Innocent } from "./innocent.ts";
import { VictimProcess } from "./victim_process.ts";

const PROGRAM = new URL("victim_server.ts", import.meta.url);
/** The heap that a server has. */
const HEAP_MIB = 64;

/** How a server is attacked. */
export interface ServerAttack {
  /** What the limits of its connections add up to, in MiB: buffers, which lie outside the heap. */
  limitsMiB: number;
  options?: Partial<ServeOptions>;
  run(attacker: Attacker, victim: VictimProcess, address: string): Promise<void>;
}

/**
 * Makes a test of an attack: the server's memory stays within bounds, it ends with every gauge at 0, and an
 * innocent client's calls all succeed meanwhile.
 */
export function attackServer(
  name: string,
  { limitsMiB, options = {}, run }: ServerAttack,
): void {
  Deno.test(name, async () => {
    await using socket = await temporarySocket();
    const address = socket.path;
    await using victim = await VictimProcess.start(PROGRAM, [address, JSON.stringify(options)], HEAP_MIB);
    await using innocent = new Innocent(address);
    {
      using attacker = await Attacker.connect(address);
      await mustSettle("the attack", run(attacker, victim, address));
    }
    console.log(`${await innocent.stop()} innocent calls`);
    await victim.end(limitsMiB);
  });
}
