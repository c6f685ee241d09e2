import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";

/** The beginning of year 1 in seconds: Go's zero time, which shims send where there is no time. */
const ZERO_TIME = -62135596800n;

/**
 * The time at which something ended.
 *
 * @param timestamp The field of a message, such as `exitedAt`.
 * @returns The time in whole milliseconds, or `undefined` if it has not ended: the field is missing, or has the
 * zero time.
 */
export function exitedAt(timestamp: Timestamp | undefined): Date | undefined {
  if (timestamp === undefined || timestamp.seconds === ZERO_TIME) return undefined;
  return timestampDate(timestamp);
}
