import { assertEquals, assertLess, assertRejects } from "@std/assert";
import type { InteropClient } from "../../gen/interop/v1/interop_ttrpc.ts";
import { type Transport, TtrpcError } from "../../mod.ts";
import { Code } from "../../src/rpc/code.ts";
import type { FakeClock } from "../fake_clock.ts";
import { assertFails } from "../interop/assert_fails.ts";
import { mustBecome } from "../waiting.ts";

const MEBIBYTE = 1_048_576;

/** Tells a client to make its calls. */
export const BEGIN = "begin";
/** What the attacker answers to calls of Echo. */
export const ANSWER = "the answer";

/** How many calls are given up at once. */
export const CALLS = 4_000;

/** A client under attack. */
export interface AttackedClient {
  client: InteropClient;
  transport: Transport;
  clock: FakeClock;
}

/** What clients do while they are attacked, and what they must get for it. */
export const ATTACKED_CALLS = {
  async echo({ client }) {
    assertEquals((await client.echo({})).text, ANSWER);
  },

  async twoEchoes({ client }) {
    const calls = await Promise.all([client.echo({}), client.echo({})]);
    assertEquals(calls.map(({ text }) => text), [ANSWER, ANSWER]);
  },

  async leaveStream({ client, clock }) {
    const replies = client.count({})[Symbol.asyncIterator]();
    await replies.next();
    await replies.return?.();
    clock.advance(1_000);
    assertEquals((await client.echo({})).text, ANSWER);
  },

  async leaveFullStream({ client, transport, clock }) {
    const replies = client.chat(endless({ payload: new Uint8Array(100_000) }))[Symbol.asyncIterator]();
    await replies.next();
    await mustBecome("the client waits for room", () => transport.stats().queuedBytes > MEBIBYTE);
    await replies.return?.();
    clock.advance(1_000);
    await mustBecome("too much is late", () => transport.stats().lateFrames > 1_100);
    await client.echo({});
    clock.advance(5_000);
    await mustBecome("the connection is closed", () => transport.stats().connections === 1);
  },

  async readNoMore({ client, transport, clock }) {
    const replies = client.count({})[Symbol.asyncIterator]();
    await replies.next();
    await mustBecome("the client pauses", () => transport.stats().queuedBytes > MEBIBYTE);
    assertLess(transport.stats().queuedBytes, 2 * MEBIBYTE);
    const other = client.echo({});
    clock.advance(1_000);
    assertEquals((await other).text, ANSWER);
    await assertFails(
      replies.next(),
      Code.ResourceExhausted,
      "The reader of this stream is too slow, and holds up the connection",
    );
  },

  async giveUpAll({ client, transport }) {
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const payload = new Uint8Array(16_000);
    const calls = Array.from(
      { length: CALLS },
      () => assertRejects(() => client.echo({ payload }, { signal }), TtrpcError),
    );
    await mustBecome("the client waits for room", () => transport.stats().queuedBytes > MEBIBYTE);
    assertLess(transport.stats().queuedBytes, 2 * MEBIBYTE);
    giveUp.abort();
    for (const call of calls) assertEquals((await call).code, Code.Canceled);
    assertEquals(transport.stats().openCalls, 0);
    assertLess(transport.stats().queuedBytes, 2 * MEBIBYTE);
  },
} satisfies Record<string, (victim: AttackedClient) => Promise<void>>;

function* endless<T>(message: T): Generator<T> {
  for (;;) yield message;
}
