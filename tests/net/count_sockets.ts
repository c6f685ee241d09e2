import { settled } from "../settled.ts";

// Deno opens two sockets of its own when it first looks for signals; by itself it does so some time after its
// start, and ends the process if it has no descriptors left by then.
const ignore = () => {};
Deno.addSignalListener("SIGUSR2", ignore);
Deno.removeSignalListener("SIGUSR2", ignore);

const DESCRIPTORS = "/proc/self/fd";

/** How many sockets this process has open, on Linux. */
export function countSockets(): number {
  return [...Deno.readDirSync(DESCRIPTORS)].filter(({ name }) => isSocket(name)).length;
}

/**
 * How many sockets this process has open after those have gone that were closed last, for which Deno takes some
 * turns of its event loop.
 *
 * @param expected How many there shall be.
 */
export async function countSettledSockets(expected: number): Promise<number> {
  for (let turn = 0; turn < 1000 && countSockets() !== expected; turn++) await settled();
  return countSockets();
}

function isSocket(descriptor: string): boolean {
  try {
    return Deno.readLinkSync(`${DESCRIPTORS}/${descriptor}`).startsWith("socket:");
  } catch (error) {
    // The one by which the folder was read.
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
