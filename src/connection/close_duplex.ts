import type { Duplex } from "./duplex.ts";

/** Closes a duplex that somebody else has made, and that may fail at it. */
export function closeDuplex(duplex: Duplex): void {
  try {
    duplex.close();
  } catch {
    // A duplex that fails here is closed already.
  }
}
