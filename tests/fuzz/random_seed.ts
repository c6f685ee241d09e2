/** A seed by chance, 1 to 2^32-1. */
export function randomSeed(): number {
  return 1 + Math.floor(Math.random() * (2 ** 32 - 1));
}
