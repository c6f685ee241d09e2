import { Code } from "../../mod.ts";
import { Random } from "../random.ts";
import type { Abilities } from "./abilities.ts";

/** The four kinds of calls. */
export type CallKind = "unary" | "server stream" | "client stream" | "bidi";

/**
 * How a call is to end: with its reply; with an error of its handler; given up by a signal, by leaving the
 * loop, or by a source that throws; at its deadline; with a message that is too long.
 */
export type Ending = "reply" | "failure" | "signal" | "break" | "source" | "deadline" | "too long";

/** One call as it is to go. */
export interface CallPlan {
  /** Its place in the run. */
  readonly number: number;
  readonly kind: CallKind;
  readonly ending: Ending;
  /** What is sent along, as it is written on this side. */
  readonly metadata: [key: string, value: string][];
  /** Milliseconds that the call has; undefined for as many as it needs. */
  readonly timeoutMs: number | undefined;
  /** What the handler of a call that is to fail throws. */
  readonly failure: { code: number; message: string };
  /** After so many turns of the event loop a signal aborts; 0 for before the call begins. */
  readonly abortTurns: number;
  /** Where all else comes from: sizes, counts, pauses. */
  readonly random: Random;
}

const KINDS: [CallKind, ...CallKind[]] = [
  "unary",
  "unary",
  "unary",
  "server stream",
  "server stream",
  "client stream",
  "client stream",
  "bidi",
  "bidi",
];

/** Which ends a kind of call has, as often as they stand here; else it ends with its reply. */
const ENDINGS: Record<CallKind, [Ending, ...Ending[]]> = {
  "unary": ["failure", "signal", "signal", "deadline"],
  "server stream": ["failure", "signal", "break", "break", "deadline"],
  "client stream": ["failure", "signal", "source", "deadline"],
  "bidi": ["failure", "signal", "break", "source", "deadline"],
};

/** More than any call takes. */
const AMPLE_MS = 600_000;

/** The plan of a call: always the same for the same seed and number. */
export function planCall(seed: number, number: number, abilities: Abilities): CallPlan {
  const random = new Random(mix(seed, number));
  const kind = random.pick(KINDS);
  const ending = planEnding(kind, random, abilities);
  return {
    number,
    kind,
    ending,
    metadata: random.oneIn(3) ? planMetadata(number, random) : [],
    timeoutMs: planTimeout(ending, random),
    failure: { code: planCode(random), message: `call ${number} is to fail` },
    abortTurns: random.below(8),
    random,
  };
}

/** How many bytes a payload has: mostly few, at times none, rarely as many as there may be. */
export function planBytes(random: Random, { largestBytes }: Abilities): number {
  if (random.oneIn(10)) return 0;
  if (random.oneIn(20_000)) return largestBytes;
  if (random.oneIn(300)) return random.below(Math.min(largestBytes, 1_048_576) + 1);
  if (random.oneIn(20)) return random.below(65_537);
  return random.below(300);
}

function planEnding(kind: CallKind, random: Random, { livesWithLongReplies }: Abilities): Ending {
  if (random.oneIn(2_000) && (kind !== "server stream" || livesWithLongReplies)) return "too long";
  return random.oneIn(4) ? random.pick(ENDINGS[kind]) : "reply";
}

function planTimeout(ending: Ending, random: Random): number | undefined {
  if (ending === "deadline") return 1 + random.below(20);
  return random.oneIn(4) ? AMPLE_MS : undefined;
}

/** Any code but 0, those that nobody knows included. */
function planCode(random: Random): number {
  return random.oneIn(10) ? random.pick([-1, 17, 4711]) : Code.Canceled + random.below(Code.Unauthenticated);
}

function planMetadata(number: number, random: Random): [key: string, value: string][] {
  const keys: [string, ...string[]] = ["X-Soak", "x-soak", "blank", "Unicode"];
  return Array.from({ length: 1 + random.below(4) }, (_, i) => {
    const key = random.pick(keys);
    return [key, key === "blank" ? "" : `${key === "Unicode" ? "żółw 🐢 " : ""}${number}.${i}`];
  });
}

/** A seed for each call, 1 to 2^32-1. */
function mix(seed: number, number: number): number {
  const mixed = Math.imul(seed ^ Math.imul(number + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
  return mixed === 0 ? 1 : mixed;
}
