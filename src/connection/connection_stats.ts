/** Counters of one connection, or of all connections of a transport or server together. */
export interface ConnectionStats {
  /** Calls that have begun and not ended. */
  openCalls: number;
  /** Frames since the beginning that were dropped because their call had ended, or was never opened. */
  lateFrames: number;
}
