import { assertEquals, assertGreater } from "@std/assert";
import { FRAME_HEADER_BYTES } from "../../src/wire/frame.ts";
import type { Random } from "../random.ts";
import { DIRECTIONS, FAULT_KINDS } from "./fault.ts";
import { type CallPlan, METHODS, randomPlan } from "./ledger.ts";
import { runProxied } from "./proxied_session.ts";
import { testSeeded } from "./seeded.ts";

/** Where each frame begins, where the last one ends, and for each frame places within header and body. */
function placesOf(frames: Uint8Array, random: Random): number[] {
  const places: number[] = [];
  const view = new DataView(frames.buffer);
  for (let at = 0; at < frames.length;) {
    const frameBytes = FRAME_HEADER_BYTES + view.getUint32(at);
    places.push(at, at + 1 + random.below(FRAME_HEADER_BYTES), at + 1 + random.below(frameBytes - 1));
    at += frameBytes;
  }
  return [...places, frames.length];
}

for (const kind of FAULT_KINDS) {
  testSeeded(`every call settles when "${kind}" strikes at any frame or byte`, async (random) => {
    for (const method of METHODS) {
      const calls: CallPlan[] = [{ method, messages: 3, bytes: 20 }];
      const { passed } = await runProxied({ calls, faults: [] });
      for (const direction of DIRECTIONS) {
        for (const at of placesOf(passed[direction], random)) {
          const faults = [{ kind, direction, at }];
          const { strikes } = await runProxied({ calls, faults });
          assertEquals(strikes, 1);
        }
      }
    }
  });
}

testSeeded("every call settles when one connection after the other meets some fault", async (random) => {
  let strikes = 0;
  for (let round = 0; round < 200; round++) {
    const calls = Array.from({ length: 12 }, () => randomPlan(random));
    const faults = Array.from({ length: random.below(4) }, () => ({
      kind: random.pick(FAULT_KINDS),
      direction: random.pick(DIRECTIONS),
      at: random.below(random.pick([100, 1_000, 100_000])),
    }));
    // With little room most calls wait for it, and are safe to make again when the connection goes.
    const limits = { sendBufferBytes: random.pick([1, 5_000, 1_048_576]) };
    strikes += (await runProxied({ calls, faults, limits })).strikes;
  }
  assertGreater(strikes, 0);
});

Deno.test("a session without faults leaves nothing behind", async () => {
  const calls = METHODS.map((method) => ({ method, messages: 3, bytes: 300_000 }));
  const { passed } = await runProxied({ calls, faults: [] });
  // Echo and chat go both ways.
  assertEquals([...Object.values(passed)].map(({ length }) => length > 1_000_000), [true, true]);
});
