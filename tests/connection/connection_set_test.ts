import { assertEquals } from "@std/assert";
import { ConnectionSet } from "../../src/connection/connection_set.ts";
import { type ConnectionStats, countCall, noStats } from "../../src/connection/connection_stats.ts";
import { Code } from "../../src/rpc/code.ts";

/** A connection that counts. */
function counting(closed: Promise<void>, stats: Partial<ConnectionStats>) {
  return { closed, stats: () => ({ ...noStats(), ...stats }) };
}

Deno.test(
  "ConnectionSet adds up counters, those of closed connections too",
  { permissions: "none" },
  async () => {
    const set = new ConnectionSet();
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const calls = (code: Code, count: number) => new Map([[code, count], [Code.Ok, 1]]);
    const odd = new Map<Code, number>();
    for (let code = 1000; code < 1005; code++) countCall(odd, code);
    assertEquals(odd, new Map([[Code.Unknown, 5]]));
    const first = counting(closed, { lateFrames: 2, sentBytes: 5, callsByCode: calls(Code.Aborted, 2) });
    const second = counting(new Promise(() => {}), {
      connections: 1,
      openCalls: 3,
      lateFrames: 4,
      callsByCode: calls(Code.Canceled, 1),
    });
    set.add(first);
    set.add(second);
    const total = {
      ...noStats(),
      connections: 1,
      openCalls: 3,
      lateFrames: 6,
      sentBytes: 5,
      callsByCode: new Map([[Code.Aborted, 2], [Code.Ok, 2], [Code.Canceled, 1]]),
    };
    assertEquals([set.size, set.stats()], [2, total]);
    close();
    await closed;
    assertEquals([[...set], set.stats()], [[second], total]);
  },
);

Deno.test("ConnectionSet counts handlers of a closed connection until they settle", async () => {
  const set = new ConnectionSet();
  let runningHandlers = 2;
  const closed = Promise.resolve();
  set.add({ closed, stats: () => ({ ...noStats(), runningHandlers, lateFrames: 3 }) });
  await closed;
  for (const running of [2, 1, 0]) {
    runningHandlers = running;
    assertEquals([set.size, set.stats()], [0, { ...noStats(), runningHandlers, lateFrames: 3 }]);
  }
});
