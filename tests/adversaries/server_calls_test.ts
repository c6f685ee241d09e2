import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { Interop } from "../../gen/interop/v1/interop_pb.ts";
import { Code } from "../../src/rpc/code.ts";
import { dataFrame, EMPTY, endFrame, OPEN, readStatus, requestFrame, statusFrame } from "../call_frames.ts";
import { attackServer } from "./attack_server.ts";
import { SECOND } from "./victim_report.ts";
import { callFrame, idsFrom, itemBytes, numberBytes, PING } from "./attack_frames.ts";

const CALLS = 100_000;
const BURST = 1_000;
const MAX_STREAMS = 1_024;

attackServer("[X2] serve() stands calls that are opened and canceled at once", {
  limitsMiB: 1,
  async run(attacker, victim) {
    attacker.readAll();
    const call = callFrame(1, { delayMs: 60_000 });
    const notice = statusFrame(1, Code.Canceled);
    for (let first = 1; first < 2 * CALLS; first += 2 * BURST) {
      const frames = idsFrom(first, BURST).flatMap((
        streamId,
      ) => [{ ...call, streamId }, { ...notice, streamId }]);
      await attacker.send(...frames);
    }
    const { callsByCode } = await victim.until(({ receivedFrames }) => receivedFrames > 2 * CALLS);
    const { [Code.Canceled]: canceled = 0, [Code.ResourceExhausted]: refused = 0 } = callsByCode;
    assertEquals(canceled + refused, CALLS);
    console.log(`${canceled} canceled, ${refused} refused`);
    await victim.until(({ runningHandlers }) => runningHandlers < 5);
  },
});

attackServer("[S17] serve() stands streams that are opened and never ended", {
  limitsMiB: 2,
  async run(attacker, victim) {
    const call = requestFrame(1, Interop.method.chat, OPEN);
    async function openAll(): Promise<void> {
      for (let first = 1; first < 2 * CALLS; first += 2 * BURST) {
        await attacker.send(...idsFrom(first, BURST).map((streamId) => ({ ...call, streamId })));
      }
    }
    async function readRefusals(): Promise<void> {
      for (const id of idsFrom(1, CALLS).slice(MAX_STREAMS)) {
        assertEquals(readStatus(await attacker.answerOn(id)).code, Code.ResourceExhausted);
      }
    }
    await Promise.all([openAll(), readRefusals()]);
    const { openCalls } = await victim.until(({ openCalls }) => openCalls >= MAX_STREAMS);
    assertLess(openCalls, MAX_STREAMS + 5);
    // A stream that ends makes room for another one.
    await attacker.send(endFrame(1));
    await attacker.answerOn(1);
    await attacker.send(callFrame(2 * CALLS + 1, { text: "room" }));
    assertEquals((await attacker.answerOn(2 * CALLS + 1)).body.length, 8);
  },
});

attackServer("[B4] serve() stands a million empty messages to a handler that does not read", {
  limitsMiB: 4,
  async run(attacker, victim) {
    const messages = 1_000_000;
    await attacker.send(
      requestFrame(1, Interop.method.chat, OPEN),
      requestFrame(3, Interop.method.sum, OPEN),
      dataFrame(3, numberBytes({ delayMs: 60_000 })),
    );
    attacker.floodUnread(messages, dataFrame(3, EMPTY));
    attacker.floodUnread(1, dataFrame(1, itemBytes({ text: "on the same connection" })));
    const stalled = await victim.until(({ queuedBytes }) => queuedBytes > 1_048_576);
    assertLess(stalled.queuedBytes, 2_097_152 + 65_536);
    await victim.until(({ callsByCode }) => callsByCode[Code.ResourceExhausted] === 1, SECOND);
    assertEquals(readStatus(await attacker.answerOn(3)).code, Code.ResourceExhausted);
    assertEquals((await attacker.answerOn(1)).body.length, 24);
    const { lateFrames } = await victim.until(({ receivedFrames }) => receivedFrames >= messages);
    assertGreater(lateFrames, messages - 20_000);
  },
});

attackServer("[S4, X2] serve() stands Data and notices for calls that are over, or never were", {
  limitsMiB: 1,
  async run(attacker, victim) {
    const times = 100_000;
    await attacker.send(callFrame(1, {}), callFrame(3, {}));
    await attacker.answerOn(3);
    const before = await victim.report();
    const data = dataFrame(1, itemBytes({ text: "late" }));
    await attacker.flood(times, data, statusFrame(3, Code.Canceled), statusFrame(999_999, Code.Canceled));
    await attacker.send(PING);
    assertEquals(readStatus(await attacker.answerOn(PING.streamId)).code, Code.InvalidArgument);
    const { stats } = await victim.report();
    assertEquals(stats.lateFrames - before.stats.lateFrames, times);
    assertEquals(stats.protocolErrors, 1);
  },
});
