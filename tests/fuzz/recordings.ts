import { concat } from "@std/bytes";
import { encodeFrame } from "../../src/frame/mod.ts";
import { type DirectedFrame, readSessions } from "../vectors/recorded_session.ts";
import { SCENARIOS } from "../vectors/vector_files.ts";

/** A longer session would take the time of many. */
const MOST_BYTES = 65_536;

/** What the peers have said in a recorded session. */
export interface Recording {
  scenario: string;
  frames: DirectedFrame[];
}

/** All recordings; there is at least one. */
export type Recordings = readonly [Recording, ...Recording[]];

/** Reads the recorded sessions that are not too long. */
export async function readRecordings(): Promise<Recordings> {
  const recordings: Recording[] = [];
  for (const scenario of SCENARIOS) {
    for (const session of await readSessions(scenario)) {
      const frames = await session.readFrames();
      if (concat(frames.map(encodeFrame)).length <= MOST_BYTES) recordings.push({ scenario, frames });
    }
  }
  const [first, ...others] = recordings;
  if (first === undefined) throw new Error("Cannot fuzz: there are no recordings");
  return [first, ...others];
}
