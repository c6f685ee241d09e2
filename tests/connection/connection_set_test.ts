import { assertEquals } from "@std/assert";
import { ConnectionSet } from "../../src/connection/connection_set.ts";

Deno.test(
  "ConnectionSet adds up counters, late frames of closed connections too",
  { permissions: "none" },
  async () => {
    const set = new ConnectionSet();
    const { promise: closed, resolve: close } = Promise.withResolvers<void>();
    const first = { closed, stats: () => ({ openCalls: 1, lateFrames: 2 }) };
    const second = { closed: new Promise<void>(() => {}), stats: () => ({ openCalls: 3, lateFrames: 4 }) };
    set.add(first);
    set.add(second);
    assertEquals(set.stats(), { openCalls: 4, lateFrames: 6 });
    close();
    await closed;
    assertEquals([[...set], set.stats()], [[second], { openCalls: 3, lateFrames: 6 }]);
  },
);
