import { assert } from "@std/assert";
import { equals } from "@std/bytes";
import type { Frame } from "../../src/frame/mod.ts";
import type { DirectedFrame, PeerName, Session } from "./recorded_session.ts";

/** Something that ours rightly does otherwise than the peer whose place it takes. */
export interface Difference {
  /** Where it shows; in all scenarios if left out. */
  scenarios?: readonly string[];
  /** Whose session it is about; about anyone's if left out. */
  client?: PeerName;
  server?: PeerName;
  /** The rules of PROTOCOL.md that say so. */
  rules: readonly string[];
  /** What was recorded, and what ours does. */
  why: string;
  /** Makes of the recorded frames those that are said with ours in that place. */
  change?: (frames: readonly DirectedFrame[]) => DirectedFrame[];
  /** What ours says besides, once the client closes the connection. */
  atClose?: readonly Frame[];
}

/** A session as it goes with ours in the place of one peer. */
export interface Script {
  frames: DirectedFrame[];
  /** What ours says once the client closes the connection. */
  atClose: Frame[];
}

/** Those differences that concern a session. */
export function differencesOf(
  all: readonly Difference[],
  scenario: string,
  { client, server }: Session,
): Difference[] {
  return all.filter((difference) =>
    (difference.scenarios?.includes(scenario) ?? true) &&
    (difference.client ?? client) === client && (difference.server ?? server) === server
  );
}

/** How the title of a session's test begins: with the rules of its own differences. */
export function rulesOf(differences: readonly Difference[]): string {
  const own = differences.filter(({ scenarios }) => scenarios !== undefined);
  const rules = new Set(own.flatMap(({ rules }) => rules));
  return rules.size === 0 ? "" : `[${[...rules].join(", ")}] `;
}

/**
 * Reads a session as it goes with ours in the place of one peer.
 *
 * @throws {AssertionError} If a difference that names its scenarios makes none.
 */
export async function readScript(session: Session, differences: readonly Difference[]): Promise<Script> {
  const recorded = await session.readFrames();
  const script: Script = {
    frames: recorded.map(({ dir, streamId, type, flags, body }) => ({ dir, streamId, type, flags, body })),
    atClose: differences.flatMap(({ atClose = [] }) => atClose),
  };
  for (const { scenarios, why, change } of differences) {
    if (change === undefined) continue;
    const changed = change(script.frames);
    assert(scenarios === undefined || !areSame(changed, script.frames), `Nothing differs any more: ${why}`);
    script.frames = changed;
  }
  return script;
}

function areSame(some: readonly DirectedFrame[], others: readonly DirectedFrame[]): boolean {
  return some.length === others.length && some.every((frame, index) => {
    const other = others[index];
    return other !== undefined && frame.dir === other.dir && frame.streamId === other.streamId &&
      frame.type === other.type && frame.flags === other.flags && equals(frame.body, other.body);
  });
}
