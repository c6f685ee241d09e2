import { create, toBinary } from "@bufbuild/protobuf";
import { assertEquals, assertLess, assertRejects } from "@std/assert";
import { EchoResponseSchema, Interop } from "../../gen/interop/v1/interop_pb.ts";
import { TtrpcError } from "../../mod.ts";
import { FrameType } from "../../src/frame/mod.ts";
import { Code } from "../../src/rpc/code.ts";
import { dataFrame, EMPTY, endFrame, requestFrame, responseFrame } from "../call_frames.ts";
import { FakeClock } from "../fake_clock.ts";
import { mustBecome } from "../waiting.ts";
import { assertFails } from "../interop/assert_fails.ts";
import { attackClient } from "./attack_client.ts";
import { itemBytes } from "./attack_frames.ts";

const TIMES = 1_000_000;
const MEBIBYTE = 1_048_576;
const ANSWER = toBinary(EchoResponseSchema, create(EchoResponseSchema, { text: "the answer" }));

attackClient("[X5] createTransport() leaves a connection that floods a stream it has given up", {
  limitsMiB: 1,
  async run(attacker, { client, transport }) {
    const time = new FakeClock();
    using _clock = time.install();
    const replies = client.count({})[Symbol.asyncIterator]();
    const first = replies.next();
    const { streamId } = await attacker.heard(FrameType.Request);
    await attacker.send(dataFrame(streamId, EMPTY));
    await first;
    await replies.return?.();
    await attacker.heard(FrameType.Response);
    time.advance(1_000);
    const other = client.echo({});
    const open = await attacker.heard(FrameType.Request);
    await attacker.flood(20_000, dataFrame(streamId, itemBytes({ payload: new Uint8Array(1_000) })));
    await attacker.send(responseFrame(open.streamId, ANSWER));
    assertEquals((await other).text, "the answer");
    assertEquals(await attacker.next(), undefined);
    assertEquals(transport.stats().lateFrames, 20_000);
  },
});

attackClient("[B2, X5] createTransport() leaves such a connection too if its server takes nothing more", {
  limitsMiB: 4,
  options: { writeStallTimeoutMs: 5_000 },
  async run(attacker, { client, transport }) {
    const time = new FakeClock();
    using _clock = time.install();
    const replies = client.chat(endless({ payload: new Uint8Array(100_000) }))[Symbol.asyncIterator]();
    const first = replies.next();
    const { streamId } = await attacker.heard(FrameType.Request);
    await attacker.send(dataFrame(streamId, EMPTY));
    await first;
    await mustBecome("the client waits for room", () => transport.stats().queuedBytes > MEBIBYTE);
    await replies.return?.();
    time.advance(1_000);
    await attacker.flood(2_000, dataFrame(streamId, itemBytes({ payload: new Uint8Array(1_000) })));
    await client.echo({});
    time.advance(5_000);
    await mustBecome("the connection is closed", () => transport.stats().connections === 1);
  },
});

attackClient("[A7, A9] createTransport() drops frames for no call of its own", {
  limitsMiB: 1,
  async run(attacker, { client, transport }) {
    const call = client.echo({});
    const { streamId } = await attacker.heard(FrameType.Request);
    const unknown = [dataFrame(999, EMPTY), endFrame(1_000), responseFrame(0, EMPTY)];
    await attacker.flood(TIMES / 4, ...unknown, requestFrame(5, Interop.method.echo, 0));
    await attacker.send(responseFrame(streamId, ANSWER));
    assertEquals((await call).text, "the answer");
    assertEquals(transport.stats().lateFrames, TIMES / 4 * 3);
  },
});

attackClient("[A7] createTransport() takes the first of a million Responses for one call", {
  limitsMiB: 1,
  async run(attacker, { client, transport }) {
    const calls = [client.echo({}), client.echo({})];
    const ids = [await attacker.heard(FrameType.Request), await attacker.heard(FrameType.Request)]
      .map(({ streamId }) => streamId);
    for (const [index, streamId] of ids.entries()) {
      await attacker.flood(TIMES / 2, responseFrame(streamId, ANSWER));
      assertEquals((await calls[index])?.text, "the answer");
    }
    await mustBecome("the others are dropped", () => transport.stats().lateFrames === TIMES - 2);
  },
});

attackClient("[B3, B4] createTransport() stands a million empty replies to a reader that has stopped", {
  limitsMiB: 4,
  options: { stallTimeoutMs: 200 },
  async run(attacker, { client, transport }) {
    const replies = client.count({})[Symbol.asyncIterator]();
    const first = replies.next();
    const { streamId } = await attacker.heard(FrameType.Request);
    attacker.floodUnread(TIMES, dataFrame(streamId, EMPTY));
    await first;
    await mustBecome("the client pauses", () => transport.stats().queuedBytes > MEBIBYTE);
    assertLess(transport.stats().queuedBytes, 2 * MEBIBYTE);
    const other = client.echo({});
    const open = await attacker.heard(FrameType.Request);
    attacker.floodUnread(1, responseFrame(open.streamId, ANSWER));
    assertEquals((await other).text, "the answer");
    await assertFails(
      replies.next(),
      Code.ResourceExhausted,
      "The reader of this stream is too slow, and holds up the connection",
    );
    await mustBecome("the rest is dropped", () => transport.stats().lateFrames > TIMES - 20_000);
  },
});

attackClient("[B1, X1] createTransport() gives up calls to a server that reads nothing", {
  limitsMiB: 4,
  async run(_, { client, transport }) {
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const payload = new Uint8Array(10_000);
    const calls = Array.from(
      { length: 10_000 },
      () => assertRejects(() => client.echo({ payload }, { signal }), TtrpcError),
    );
    await mustBecome("the client waits for room", () => transport.stats().queuedBytes > MEBIBYTE);
    assertLess(transport.stats().queuedBytes, 2 * MEBIBYTE);
    giveUp.abort();
    for (const call of calls) assertEquals((await call).code, Code.Canceled);
    assertEquals(transport.stats().openCalls, 0);
    assertLess(transport.stats().queuedBytes, 2 * MEBIBYTE);
  },
});

function* endless<T>(message: T): Generator<T> {
  for (;;) yield message;
}
