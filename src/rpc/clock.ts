/** Where all time of the module comes from. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /**
   * Calls back once after `delayMs`, at most 2^31-1.
   *
   * @returns A function that cancels the timer; after it has fired, that does nothing.
   */
  startTimer(callback: () => void, delayMs: number): () => void;
}

/** The clock in use. Tests replace its methods. */
export const clock: Clock = {
  now: () => performance.now(),
  startTimer: (callback, delayMs) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
