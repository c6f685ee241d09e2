import { assertEquals } from "@std/assert";
import { Code } from "../../src/rpc/code.ts";
import { SIDES } from "../greeter_kinds.ts";
import type { DuplexFaults } from "./faulty_duplex.ts";
import { METHODS, randomPlan } from "./ledger.ts";
import { runInMemory } from "./memory_session.ts";
import { testSeeded } from "./seeded.ts";

/** What goes wrong at some byte of a session: one that the wrapped side writes, or one that it reads. */
const FAULTS: { name: string; makes: (at: number) => DuplexFaults; isInWriting: boolean }[] = [
  { name: "writing fails", makes: (failWritingAt) => ({ failWritingAt }), isInWriting: true },
  {
    name: "writing fails, of who knows which byte,",
    makes: (failWritingAt) => ({ failWritingAt, hidesWrittenBytes: true }),
    isInWriting: true,
  },
  { name: "reading fails", makes: (failReadingAt) => ({ failReadingAt }), isInWriting: false },
  { name: "reading ends", makes: (endReadingAt) => ({ endReadingAt }), isInWriting: false },
];

for (const side of SIDES) {
  for (const { name, makes, isInWriting } of FAULTS) {
    testSeeded(`every call settles when ${name} at any byte on the ${side}'s side`, async (random) => {
      for (const method of METHODS) {
        // Two that share their writes: what becomes of one says nothing about the other.
        const calls = [{ method, messages: 3, bytes: 5 }, { method, messages: 1, bytes: 5 }];
        const { sentBytes } = await runInMemory({ calls, faults: [], codes: [] });
        const bytes = isInWriting === (side === "client") ? sentBytes.client : sentBytes.server;
        for (let at = 0; at <= bytes; at += 1 + random.below(8)) {
          await runInMemory({ calls, faults: [{ [side]: makes(at) }], codes: [Code.Unavailable] });
        }
      }
    });
  }
}

for (const method of METHODS) {
  Deno.test(`[Z1] ${method}, of which no byte went out, is made again once`, async () => {
    const calls = [{ method, messages: 3, bytes: 5 }];
    const broken = { client: { failWritingAt: 0 } };
    const again = await runInMemory({ calls, faults: [broken], codes: [] });
    assertEquals([again.answered, again.connections], [1, 2]);
    const inVain = await runInMemory({ calls, faults: [broken, broken], codes: [Code.Unavailable] });
    assertEquals([inVain.answered, inVain.connections], [0, 2]);
  });
}

for (const method of ["echo", "count"] as const) {
  Deno.test(`[Z4] ${method} gets its answer where another call can't be written any more`, async () => {
    const call = { method, messages: 3, bytes: 5 };
    const { sentBytes } = await runInMemory({ calls: [call], faults: [], codes: [] });
    const faults = [{ client: { failWritingAt: sentBytes.client } }];
    const both = await runInMemory({ calls: [call, call], faults, codes: [] });
    assertEquals([both.answered, both.connections], [2, 2]);
  });
}

testSeeded("every call gets its answer from a Duplex of a few bytes at a time", async (random) => {
  for (const most of [1, 2, 9, 100]) {
    const pieceBytes = () => 1 + random.below(most);
    for (const sides of [["client"], ["server"], SIDES]) {
      const calls = [...METHODS.map((method) => ({ method, messages: 4, bytes: 300 })), randomPlan(random)];
      const faults = Object.fromEntries(sides.map((side) => [side, { pieceBytes }]));
      await runInMemory({ calls, faults: [faults], codes: [] });
    }
  }
});
