import { Random, randomSeed } from "../random.ts";

/** Gives a run its seed: that of an earlier one, to see it again. */
const SEED_VARIABLE = "FAULTS_SEED";

/**
 * Registers a test with random input, which prints its seed. `FAULTS_SEED=17 deno test -A tests/faults` runs
 * all of them with the seed 17.
 */
export function testSeeded(name: string, body: (random: Random) => Promise<void>): void {
  Deno.test(name, async () => {
    const seed = Number(Deno.env.get(SEED_VARIABLE)) || randomSeed();
    console.log(`${SEED_VARIABLE}=${seed}`);
    try {
      await body(new Random(seed));
    } catch (error) {
      throw new Error(`Failed with ${SEED_VARIABLE}=${seed}`, { cause: error });
    }
  });
}
