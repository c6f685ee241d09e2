/**
 * What a proxy does to a connection:
 *
 * - `cut`: closes both sockets; what came with the last byte that passed has been read
 * - `close unread`: closes them when more has come that was not read, which resets a connection
 * - `truncate`: ends one direction, and swallows what still comes; the other direction goes on
 * - `stop reading`: reads nothing more in one direction; the other one goes on
 * - `delay`: lets other things happen before it goes on
 * - `drip`: passes the next bytes one by one
 */
export const FAULT_KINDS = ["cut", "close unread", "truncate", "stop reading", "delay", "drip"] as const;
/** One of {@linkcode FAULT_KINDS}. */
export type FaultKind = typeof FAULT_KINDS[number];

/** The two ways through a proxy. */
export const DIRECTIONS = ["to server", "to client"] as const;
/** One of {@linkcode DIRECTIONS}. */
export type Direction = typeof DIRECTIONS[number];

/** What happens to one connection. */
export interface Fault {
  kind: FaultKind;
  direction: Direction;
  /** How many bytes pass in that direction before it happens. */
  at: number;
}
