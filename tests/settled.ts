/** Resolves in a later turn of the event loop: what promises alone can bring about has happened by then. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
