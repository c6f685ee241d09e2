/** An id that no other container has: sockets are named after it, and what is left of a container is found by it. */
export function freshId(): string {
  return `ttrpc-${crypto.randomUUID().slice(-12)}`;
}
