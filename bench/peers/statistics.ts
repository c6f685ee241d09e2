/** What is told of several measurements of the same. */
export interface Summary {
  median: number;
  min: number;
  max: number;
}

/**
 * Sums up one number or more.
 *
 * @throws {TypeError} If there is none.
 */
export function summarize(values: readonly number[]): Summary {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (min === undefined || max === undefined || below === undefined || above === undefined) {
    throw new TypeError("Cannot sum up measurements: there is none");
  }
  return { median: (below + above) / 2, min, max };
}
