/**
 * Holds a length of time against its range.
 *
 * @param name What it is, for the message.
 * @throws {RangeError} If `ms` is not a number of milliseconds, 0 or more; Infinity is one.
 */
export function requireDuration(name: string, ms: number): void {
  if (ms >= 0) return;
  throw new RangeError(`Cannot use ${ms} as ${name}: not a number of milliseconds, 0 or more`);
}

/**
 * Holds what a call may take against its range: any number, as 0 and less are over already.
 *
 * @param name What it is, for the message.
 * @throws {RangeError} If `ms` is NaN.
 */
export function requireTimeout(name: string, ms: number): void {
  if (Number.isNaN(ms)) throw new RangeError(`Cannot use NaN as ${name}: not a number of milliseconds`);
}
