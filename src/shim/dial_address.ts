/**
 * Makes an address of this module out of one that a shim has written. They are the same, but for old shims,
 * which write a name of the abstract namespace without any scheme, where this module sees a path.
 *
 * @param address The address of a `ShimEndpoint`.
 */
export function dialAddress(address: string): string {
  return /^[a-z]+:/.test(address) ? address : `unix://@${address}`;
}
