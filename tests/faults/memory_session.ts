import { assertEquals } from "@std/assert";
import { registerInterop } from "../../gen/interop/v1/interop_ttrpc.ts";
import type { Duplex } from "../../src/connection/duplex.ts";
import { createTransport } from "../../src/net/create_transport.ts";
import { memoryDuplex } from "../../src/net/memory_duplex.ts";
import { serve } from "../../src/net/serve.ts";
import { Code } from "../../src/rpc/code.ts";
import { assertIdle } from "../assert_stats.ts";
import { FakeClock } from "../fake_clock.ts";
import type { Side } from "../greeter_kinds.ts";
import { settled } from "../settled.ts";
import { type DuplexFaults, faultyDuplex } from "./faulty_duplex.ts";
import { type CallPlan, Ledger } from "./ledger.ts";
import { mustSettle, passTime } from "../waiting.ts";

/** A session in memory, over duplexes with faults. */
export interface MemorySession {
  /** The calls, made all at once. */
  calls: readonly CallPlan[];
  /** What is wrong on each side of the first connection, the second, and so on; all that follow are in order. */
  faults: readonly Partial<Record<Side, DuplexFaults>>[];
  /** The codes that these faults explain. */
  codes: readonly Code[];
}

/** What a session comes to. */
export interface MemorySessionResult {
  /** How many calls have got their answer. */
  answered: number;
  /** How many connections were made. */
  connections: number;
  /** How many bytes each side has sent, on all of them. */
  sentBytes: Record<Side, number>;
}

/** Runs a session to its end. Every call settles as it should, and nothing is left on either side. */
export async function runInMemory({ calls, faults, codes }: MemorySession): Promise<MemorySessionResult> {
  const what = JSON.stringify({ calls, faults });
  const clock = new FakeClock();
  using _clock = clock.install();
  const ledger = new Ledger();
  const connections = new TransformStream<Duplex, Duplex>();
  const accepted = connections.writable.getWriter();
  await using server = await serve({
    listener: connections.readable,
    routes: (router) => registerInterop(router, ledger.implementation),
    onError: () => {},
  });
  let count = 0;
  await using transport = createTransport({
    connect() {
      const [ours, theirs] = memoryDuplex();
      const { client = {}, server = {} } = faults[count++] ?? {};
      accepted.write(faultyDuplex(theirs, server));
      return Promise.resolve(faultyDuplex(ours, client));
    },
  });

  const made = Promise.all(calls.map((plan) => ledger.make(transport, plan)));
  await passTime(clock, `calls of ${what}`, made);
  assertEquals(transport.stats().openCalls, 0, what);

  const closed = Promise.all([transport.close(), server.shutdown({ graceMs: 0 }), server.finished]);
  await passTime(clock, `closing after ${what}`, closed);
  await mustSettle("closing the listener", accepted.close());
  await settled();
  for (const side of [transport, server]) assertIdle(side.stats());
  assertEquals(clock.pendingTimers, 0, what);
  ledger.check(codes);
  assertEquals(transport.stats().callsByCode.get(Code.Ok) ?? 0, ledger.answered, what);
  const sentBytes = { client: transport.stats().sentBytes, server: server.stats().sentBytes };
  return { answered: ledger.answered, connections: count, sentBytes };
}
