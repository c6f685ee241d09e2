import type { ScriptedPeer } from "../scripted_peer.ts";

const GUARD_MS = 10_000;

/** Closes the connection of a test that hangs, so that what it waits for fails. */
export function guard(peer: ScriptedPeer): Disposable {
  const timer = setTimeout(() => peer.close(), GUARD_MS);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
