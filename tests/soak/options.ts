import { parseArgs } from "node:util";
import { randomSeed } from "../random.ts";

/** Who is at the other end. */
export type SoakPeer = "own" | "go-server" | "go-client";

/** What is run, and for how long. */
export interface SoakOptions {
  peer: SoakPeer;
  /** No further call begins after so many, */
  calls: number;
  /** or after so much time. */
  minutes: number;
  /** How many calls are open at a time. */
  workers: number;
  /** What all that is random comes from, 1 to 2^32-1. */
  seed: number;
}

/** What the command takes, and what each option is if not given. */
export const USAGE = `deno task soak [--minutes M | --calls N] [--workers W] [--seed S] [--peer PEER]

  --minutes M   how long calls are made (1; with --calls at most 120)
  --calls N     how many calls are made (no limit)
  --workers W   how many calls are open at a time (64)
  --seed S      the seed of an earlier run, to see its calls again
  --peer PEER   own, go-server or go-client (own)`;

/**
 * Reads the arguments of the command.
 *
 * @throws {TypeError} If there is an option that is not known, or one that has a wrong value.
 */
export function parseSoakOptions(args: string[]): SoakOptions {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: "string" },
      calls: { type: "string" },
      workers: { type: "string", default: "64" },
      seed: { type: "string", default: String(randomSeed()) },
      peer: { type: "string", default: "own" },
    },
  });
  const { calls, minutes = calls === undefined ? "1" : "120" } = values;
  return {
    peer: parsePeer(values.peer),
    calls: calls === undefined ? Infinity : parseNumber("calls", calls, 1),
    minutes: parseNumber("minutes", minutes, 0),
    workers: parseNumber("workers", values.workers, 1, 4096),
    seed: parseNumber("seed", values.seed, 1, 2 ** 32 - 1),
  };
}

function parsePeer(peer: string): SoakPeer {
  if (peer === "own" || peer === "go-server" || peer === "go-client") return peer;
  throw new TypeError(`Cannot soak with the peer ${peer}: it is own, go-server or go-client`);
}

function parseNumber(name: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (value >= least && value <= most) return value;
  throw new TypeError(`Cannot use ${text} as --${name}: not a number from ${least} to ${most}`);
}
