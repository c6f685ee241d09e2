/**
 * Holds a number against its range.
 *
 * @param name What the number is, for the message.
 * @throws {RangeError} If `value` is not a whole number from `least` to `most`.
 */
export function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`Cannot use ${value} as ${name}: not a whole number from ${least} to ${most}`);
}
