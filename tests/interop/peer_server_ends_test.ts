import { assert, assertEquals, assertGreater, assertRejects } from "@std/assert";
import { equals } from "@std/bytes";
import { Code, TtrpcError } from "../../mod.ts";
import { FakeClock } from "../fake_clock.ts";
import { endless, testAgainstEach, untilActive } from "./against_peer.ts";
import { assertFails } from "./assert_fails.ts";
import { MAX, requestPayloadBytes, TOO_LONG } from "./echo_bytes.ts";
import { pattern } from "./interop_service.ts";
import { EACH, IN_ORDER } from "./peer_servers.ts";
import { assertStats } from "../assert_stats.ts";

const DEADLINE = "context deadline exceeded";

testAgainstEach(EACH, "[D3] Client keeps the clock itself while a server goes on", async ({ interop }) => {
  const time = new FakeClock();
  using _ = time.install();
  const options = { timeoutMs: 60_000 };
  const calls = [
    interop.echo({ delayMs: 60_000 }, options),
    Array.fromAsync(interop.chat(endless({ delayMs: 60_000 }), options)),
  ];
  await untilActive(interop, 2n);
  time.advance(60_000);
  await Promise.all(calls.map((call) => assertFails(call, Code.DeadlineExceeded, DEADLINE)));
  await untilActive(interop, 2n);
});

testAgainstEach(
  EACH,
  "[L2] Client sends a server a Request of 4 MiB, and none of one byte more",
  async ({ interop }) => {
    const running = interop.echo({ text: "running", delayMs: 300 });
    const payload = pattern(1, requestPayloadBytes(MAX));
    assert(equals((await interop.echo({ payload })).payload, payload));
    const { started } = await interop.stats({});
    const tooLong = interop.echo({ payload: pattern(1, payload.length + 1) });
    const error = await assertFails(tooLong, Code.ResourceExhausted, TOO_LONG);
    assertEquals(error.requestSent, false);
    assertEquals((await interop.stats({})).started, started);
    assertEquals((await running).text, "running");
  },
);

testAgainstEach(
  IN_ORDER,
  "[L2, X1] Client gives an upload up that has a message over 4 MiB",
  async ({ interop }) => {
    // The field's tag and length take 5 bytes.
    const payload = pattern(1, MAX - 5);
    assertEquals((await interop.sum([{ payload }])).bytes, BigInt(payload.length));
    const tooLong = interop.sum([{ payload: pattern(1, payload.length + 1) }]);
    await assertFails(tooLong, Code.ResourceExhausted, TOO_LONG);
    // The server waits for more: it was not told that the upload has ended.
    await untilActive(interop, 1n);
  },
);

testAgainstEach(
  EACH,
  "[X2, A7] Client's cancel notice does not bother a server",
  async ({ transport, interop }) => {
    const abort = new AbortController();
    const aborted = interop.echo({ delayMs: 300 }, { signal: abort.signal });
    const running = interop.echo({ text: "running", delayMs: 400 });
    await untilActive(interop, 2n);
    abort.abort("not needed any more");
    const error = await assertFails(aborted, Code.Canceled, "The call was canceled");
    assertEquals(error.cause, "not needed any more");
    assertEquals((await running).text, "running");
    const { active, cancelled } = await interop.stats({});
    assertEquals({ active, cancelled }, { active: 0n, cancelled: 0n });
    assertStats(transport.stats(), { openCalls: 0, lateFrames: 1 });
  },
);

testAgainstEach(
  EACH,
  "[X1, A7] Client leaves a stream that a server goes on with",
  async ({ transport, interop }) => {
    const seen: bigint[] = [];
    for await (const { seq } of interop.count({ n: 20, delayMs: 10 })) {
      if (seen.push(seq) === 3) break;
    }
    assertEquals(seen, [0n, 1n, 2n]);
    assertEquals((await interop.echo({ text: "meanwhile" })).text, "meanwhile");
    assertEquals((await untilActive(interop, 0n)).cancelled, 0n);
    assertGreater(transport.stats().lateFrames, 0);
  },
);

testAgainstEach(
  EACH,
  "[Z1] Client's calls fail with 14 when a server goes away",
  async ({ server, interop }) => {
    // No messages: a server that leaves some unread would reset the connection.
    const calls = [
      interop.echo({ delayMs: 60_000 }),
      Array.fromAsync(interop.count({ n: 1, delayMs: 60_000 })),
      interop.sum(endless()),
      Array.fromAsync(interop.chat(endless())),
    ];
    const failed = Promise.all(calls.map((call) => assertFails(call, 14, "Connection closed by the server")));
    await untilActive(interop, 4n);
    await server.stop();
    assertEquals((await failed).map(({ requestSent }) => requestSent), [true, true, true, true]);
    const error = await assertRejects(() => interop.empty({}), TtrpcError);
    assertEquals([error.code, error.requestSent], [Code.Unavailable, false]);
  },
);
