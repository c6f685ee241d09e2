import type { Deadline } from "./deadline.ts";
import { onAbort } from "./on_abort.ts";

/** For how long somebody waits. */
export interface Bounds {
  /** Aborts when nobody waits any longer. */
  signal?: AbortSignal | undefined;
  /** When it has to be over. */
  deadline?: Deadline | undefined;
}

/** What happens at the bounds. */
export interface BoundsWatcher {
  /** The signal has aborted. */
  aborted(): void;
  /** The deadline has passed. */
  deadlinePassed(): void;
}

/**
 * Tells when somebody waits no longer; where that is so already, at once, and of one of the two.
 *
 * @returns A function that forgets the watcher.
 */
export function watchBounds({ signal, deadline }: Bounds, watcher: BoundsWatcher): () => void {
  if (signal?.aborted || deadline?.hasPassed) {
    if (signal?.aborted) watcher.aborted();
    else watcher.deadlinePassed();
    return () => {};
  }
  const forgetSignal = signal && onAbort(signal, () => watcher.aborted());
  const forgetDeadline = deadline?.onPassed(() => watcher.deadlinePassed());
  return () => {
    forgetSignal?.();
    forgetDeadline?.();
  };
}
