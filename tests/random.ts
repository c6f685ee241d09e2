/** Numbers that look random and are the same again for the same seed (xorshift32). */
export class Random {
  #state: number;

  /** Starts with a seed of 1 to 2^32-1. */
  constructor(seed: number) {
    this.#state = seed | 0;
    // Seeds that differ in few bits begin alike.
    for (let i = 0; i < 8; i++) this.below(1);
  }

  /** A whole number from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return Math.floor((this.#state >>> 0) / 2 ** 32 * limit);
  }

  /** True once in `times` calls. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** One of the values. */
  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }

  /** So many bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(length).map(() => this.below(256));
  }

  /** The values in another order. */
  shuffle<T>(values: readonly T[]): T[] {
    const rest = [...values];
    const shuffled: T[] = [];
    while (rest.length > 0) shuffled.push(...rest.splice(this.below(rest.length), 1));
    return shuffled;
  }
}

/** A seed by chance, 1 to 2^32-1. */
export function randomSeed(): number {
  return 1 + Math.floor(Math.random() * (2 ** 32 - 1));
}

/**
 * Runs a test with random input that differs from run to run; a failure tells the seed.
 *
 * @param body The test.
 * @param seed The seed of a failure, to see it again.
 */
export async function withRandom(
  body: (random: Random) => void | Promise<void>,
  seed: number = randomSeed(),
): Promise<void> {
  try {
    await body(new Random(seed));
  } catch (error) {
    throw new Error(`Failed with seed ${seed}`, { cause: error });
  }
}
