import { Alarms } from "./alarms.ts";

/** Where all time of the module comes from. */
export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  /**
   * Calls back once when `now()` has come to `at`.
   *
   * @returns A function that cancels it; once it has called back, that does nothing.
   */
  callAt(at: number, callback: () => void): () => void;
}

const alarms = new Alarms({
  now: () => performance.now(),
  startTimer(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
});

/** The clock in use. Tests replace its methods. */
export const clock: Clock = {
  now: () => performance.now(),
  callAt: (at, callback) => alarms.set(at, callback),
};
