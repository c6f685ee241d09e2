import { assertLess } from "@std/assert";
import type { ServeOptions } from "../../mod.ts";
import { mustSettle } from "../waiting.ts";
import { Attacker } from "./attacker.ts";
import { Innocent } from "./innocent.ts";
import { VictimProcess } from "./victim_process.ts";

const MEBIBYTE = 1_048_576;
/** The heap that a server has: with more than that alive, it dies. */
const HEAP_MIB = 64;
/** What else an engine takes: code, and buffers that it frees late. */
const ENGINE_MIB = 32;

/** How a server is attacked. */
export interface ServerAttack {
  /** What the limits of the connections that attack add up to, in MiB: buffers, which lie outside the heap. */
  limitsMiB: number;
  options?: Partial<ServeOptions>;
  run(attacker: Attacker, victim: VictimProcess): Promise<void>;
}

/**
 * Makes a test of an attack: the server's memory stays within bounds, it ends with every gauge at 0, and an
 * innocent client's calls all succeed meanwhile.
 */
export function attackServer(
  name: string,
  { limitsMiB, options, run }: ServerAttack,
): void {
  Deno.test(name, async () => {
    await using victim = await VictimProcess.start(HEAP_MIB, options);
    await using innocent = new Innocent(victim.address);
    const { rss } = await victim.report();
    using attacker = await Attacker.connect(victim.address);
    await mustSettle("the attack", run(attacker, victim));
    const calls = await innocent.stop();
    const grownMiB = Math.round(((await victim.report()).peakRss - rss) / MEBIBYTE);
    const mostMiB = limitsMiB + HEAP_MIB + ENGINE_MIB;
    console.log(`memory grew by ${grownMiB} MiB of at most ${mostMiB}; ${calls} innocent calls`);
    assertLess(grownMiB, mostMiB);
  });
}
