import { LARGEST_BYTES } from "./payloads.ts";

/** What calls may ask of a server. */
export interface Abilities {
  /** The largest payload that it is sent, or sends. */
  readonly largestBytes: number;
  /** Whether calls may go on without end until they are given up: the server has to hear of that. */
  readonly endsWhatIsGivenUp: boolean;
  /** Whether messages may follow the one at which a handler answers. */
  readonly takesLateMessages: boolean;
  /** Whether only the one call fails whose reply is over the limit. */
  readonly livesWithLongReplies: boolean;
  /** How many messages of one stream may be on their way. */
  readonly messagesInFlight: number;
  /** Whether it may be pinged while calls are open. */
  readonly isPinged: boolean;
  /** Whether it has a socket whose calls pass the interceptors of `hops.ts`. */
  readonly runsInterceptors: boolean;
}

/** What this module's own server does. */
export const OWN: Abilities = {
  largestBytes: LARGEST_BYTES,
  endsWhatIsGivenUp: true,
  takesLateMessages: true,
  livesWithLongReplies: true,
  messagesInFlight: 2000,
  isPinged: true,
  runsInterceptors: true,
};

/**
 * What Go's server gets right (PROTOCOL.md P2, P10, X5): it does not know the notice; it may answer a message
 * behind the last one before it sends the call's own answer; and its pings cost it count of its calls.
 */
export const GO: Abilities = {
  largestBytes: 1_048_576,
  endsWhatIsGivenUp: false,
  takesLateMessages: false,
  livesWithLongReplies: false,
  messagesInFlight: 60,
  isPinged: false,
  runsInterceptors: false,
};
