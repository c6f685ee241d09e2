/** What one connection, or all of them together, have to do at the moment. */
export interface ConnectionStats {
  /** Calls that have begun and not ended. */
  openCalls: number;
  /** Frames since the beginning that were dropped because their call had ended, or was never opened. */
  lateFrames: number;
}
